import type { Policy } from '@symbolon/protocol/schemas/policy';
import { verify } from '@symbolon/verifier/verify';
import { systemNow } from '../clock.ts';
import { requestBatch } from '../wallet/request-batch.ts';
import { present } from '../wallet/show.ts';
import { pullAgain } from './gate.ts';
import { newestDecision, operatorOf } from './people.ts';
import { held, homeOf, type Stage } from './stage.ts';

const DISTRICT = 'CN-BJ.haidian';
const SCHEME = 'community-pass';

/** What the door of a compound in Beijing asks for. */
const DOOR: Policy = {
  region: 'CN-BJ',
  purpose: 'compound-entry',
  schemes: [SCHEME],
  accept: 'communityPass.level == "resident" || communityPass.level == "visitor"',
  onContested: 'referred',
  onBearer: 'referred',
  requireNonce: false,
};

/** A region below another one: it has keys, people and rules of its own, and each region says for itself what it recognises of it. */
export async function passOfADistrict({ network, folder, tell }: Stage): Promise<void> {
  tell.chapter(
    '9. Haidian, which Beijing delegates, issues a pass: Beijing recognises it, Guangdong does not',
  );
  const { endpoint, issuer } = homeOf(network, DISTRICT);
  const haidian = operatorOf(network, DISTRICT);
  const { subject, code } = await haidian.enrol(`TEST-${crypto.randomUUID().slice(0, 18)}`);
  const now = systemNow();
  const lease = { source: 'residents', scheme: SCHEME, type: 'residence', fields: { kind: 'tenant' } };
  await haidian.report(subject, { ...lease, hoursAgo: 24 }, now);
  const { level, rule } = await newestDecision(endpoint, code, SCHEME);
  tell.check(
    `A tenant registers with the community office; rule ${rule} decides: ${level}`,
    level === 'resident',
  );
  const format = 'dc+sd-jwt';
  const ask = { endpoint, issuer, code, scheme: SCHEME, format, count: 2, now } as const;
  const passes = await requestBatch(ask);
  const wallet = passes.map((each) => ({
    ...each,
    scheme: SCHEME,
    format: ask.format,
    receivedAt: now,
    used: false,
  }));
  const trust = await pullAgain(network, folder);
  const at = systemNow();
  const show = (which: number) => present(held(wallet, which), { disclose: [], now: at });
  tell.verdict('at the door of a compound in Beijing', await verify(await show(0), trust, DOOR, at), {
    outcome: 'accepted',
  });
  tell.refusal(
    'at a door in Guangdong',
    await verify(await show(1), trust, { ...DOOR, region: 'CN-GD' }, at),
    'not-recognised',
  );
}
