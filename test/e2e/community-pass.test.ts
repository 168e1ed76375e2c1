import { join } from 'node:path';
import { signStatement } from '@symbolon/issuer/statement';
import { openDataFolder } from '@symbolon/local/data-folder';
import { type LocalNetwork, startNetwork } from '@symbolon/local/network';
import { ALL_SAMPLE_REGIONS, sampleIssuer } from '@symbolon/local/sample/regions';
import { addHours, hourFloor } from '@symbolon/protocol/instant';
import { POLICY_DEFAULTS } from '@symbolon/protocol/limits';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliResult, runCli, temporaryFolder } from '../support/cli.ts';
import { type IssuerClient, issuerClient } from '../support/issuer-client.ts';

/** A region below another one, on the network that `npm start` runs: Haidian, which Beijing delegates. */

const REGION = 'CN-BJ.haidian';
const SCHEME = 'community-pass';
const RULE = 'observation-7d@1';
const BUNDLES = new URL('../../functions/dist/', import.meta.url);
/** More people than one rule may turn adverse in an hour. */
const CROWD = POLICY_DEFAULTS.burst.perHour + 4;

let home: Awaited<ReturnType<typeof temporaryFolder>>;
let network: LocalNetwork;
let haidian: IssuerClient;

const file = (name: string) => join(home.path, name);
const secret = () => ['--passphrase-file', file('federation/secrets/passphrase')];
const run = (args: readonly string[], code?: string) =>
  runCli(args, {
    home: home.path,
    environment: {
      SYMBOLON_TOKEN_ENDPOINT: network.tokenEndpoint,
      ...(code === undefined ? {} : { SYMBOLON_CODE: code }),
    },
  });
const issuer = (command: string, ...args: readonly string[]) => run(['issuer', command, REGION, ...args]);
const ok = ({ code, stderr, stdout }: CliResult) => {
  expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  return stdout;
};

beforeAll(async () => {
  home = await temporaryFolder();
  const folder = await openDataFolder(file('federation'), false);
  network = await startNetwork({ folder, port: 0, bundles: BUNDLES, onLog: () => undefined });
  await network.publishNow();
  ok(await run(['trust', 'init', network.registryUrl, '--sha256', network.root.sha256]));
  haidian = issuerClient({
    endpoint: `${network.baseUrl}/cn-bj-haidian`,
    issuer: sampleIssuer(REGION),
    region: REGION,
    tokenEndpoint: network.tokenEndpoint,
    folder: file('federation'),
    now: network.now,
  });
});

afterAll(async () => {
  await network.stop();
  await home.remove();
});

/** A fact of an hour ago or earlier, in a batch of its own. */
async function report(id: string, source: string, subjects: readonly string[], fact: object, hours: number) {
  const at = addHours(hourFloor(network.now()), -hours);
  const facts = subjects.map((subject, index) => ({ id: `${id}-${index}`, subject, at, ...fact }));
  return (await haidian.report({ id, source, scheme: SCHEME, facts })).body;
}

async function newest(code: string): Promise<object | undefined> {
  const { body } = await haidian.post('/record', {}, code);
  return (body['decisions'] as object[]).at(-1);
}

/** Shows one of the wallet's passes, and what each region's gate says. */
async function shownIn(region: string) {
  const shown = ok(await run(['holder', 'show', '--scheme', SCHEME, '--as', 'qr-text']));
  const verify = ['verify', '-', '--region', region, '--json'];
  const { code, stdout } = await runCli(verify, { home: home.path, input: shown });
  const { outcome, findings, statuses } = JSON.parse(stdout);
  return { code, outcome, statuses, codes: findings.map((each: { code: string }) => each.code) };
}

describe('a pass of a district', () => {
  it('the district is at the hub like any region, below a path without a dot', async () => {
    const { regions } = (await (await fetch(`${network.baseUrl}/`)).json()) as { regions: object[] };
    expect(regions).toHaveLength(ALL_SAMPLE_REGIONS.length);
    expect(regions).toContainEqual({
      region: REGION,
      issuer: 'https://haidian.cn-bj.symbolon.test',
      endpoint: `${network.baseUrl}/cn-bj-haidian`,
    });
  });

  it('REQ-REC-003 residents report who lives there; Beijing recognises the pass, and other regions do not', async () => {
    const { subject, code } = await haidian.enrol('TENANT-1');
    const residence = { type: 'residence', fields: { kind: 'tenant' } };
    expect(await report('tenant', 'residents', [subject], residence, 48)).toMatchObject({ state: 'done' });
    expect(await newest(code)).toMatchObject({ level: 'resident', rule: 'resident-90d@1' });
    ok(await run(['holder', 'request', REGION, '--scheme', SCHEME, '--count', '6'], code));
    await network.publishNow();
    ok(await run(['trust', 'pull']));
    const pass = { region: REGION, scheme: SCHEME, level: 'resident' };
    for (const region of ['CN-BJ', REGION])
      expect(await shownIn(region)).toMatchObject({ code: 0, outcome: 'accepted', statuses: [pass] });
    for (const region of ['CN-GD', 'CN-HA'])
      expect(await shownIn(region)).toMatchObject({ code: 1, codes: ['not-recognised', 'policy-not-met'] });

    // Under observation: what was shown before counts no more, with the next list.
    const observed = { type: 'observation', fields: { ended: false } };
    await report('observed', 'contact-tracing', [subject], observed, 1);
    expect(await newest(code)).toMatchObject({ level: 'stay-home', rule: RULE });
    // What is worse takes effect when witnesses have seen it.
    await network.logNow();
    await network.publishNow();
    ok(await run(['trust', 'pull']));
    expect(await shownIn('CN-BJ')).toMatchObject({ code: 1, codes: ['status-suspended'] });
  });

  it('a visit that was announced is a pass of the day, and no source reports for another', async () => {
    const { subject, code } = await haidian.enrol('VISITOR-1');
    const visit = { type: 'visit', fields: {} };
    expect(await report('foreign', 'contact-tracing', [subject], visit, 1)).toMatchObject({
      code: 'source-unknown',
    });
    await report('visit', 'residents', [subject], visit, 1);
    expect(await newest(code)).toMatchObject({ level: 'visitor', rule: 'visitor-12h@1' });
  });

  it('REQ-KEY-012 its next keys are published ahead by its own keys role', async () => {
    await network.rotateNow();
    ok(await run(['trust', 'pull']));
    const { regions } = JSON.parse(ok(await run(['registry', 'status', '--json'])));
    const its = regions.find(({ region }: { region: string }) => region === REGION);
    expect(its).toMatchObject({ schemes: [SCHEME] });
    const states = its.keys.map(({ use, state }: { use: string; state: string }) => `${use} ${state}`);
    expect(states.toSorted()).toEqual([
      'credential current',
      'credential next',
      'status current',
      'status next',
    ]);
  });
});

describe('many at once in a district', () => {
  it('REQ-ISS-031 what is held is released by two of the region above, not by overseers of the federation and not from within', async () => {
    const people: { readonly subject: string; readonly code: string }[] = [];
    const token = await haidian.token('operator-1', 'enrol');
    for (let index = 0; index < CROWD; index++) {
      const identifiers = [{ kind: 'identity-card', value: `CROWD-${index}` }];
      const { body } = await haidian.post('/subjects', { identifiers }, token);
      people.push({ subject: String(body['subject']), code: String(body['code']) });
    }
    const subjects = people.map(({ subject }) => subject);
    const observed = { type: 'observation', fields: { ended: false } };
    const batch = await report('crowd', 'contact-tracing', subjects, observed, 1);
    expect(batch).toMatchObject({ state: 'held' });
    const admission = [
      '--source',
      'contact-tracing',
      '--batch',
      'crowd',
      '--digest',
      String(batch['digest']),
    ];
    const second = ['--key', file(`federation/keys/${REGION}.operator-2.jwe`), ...secret()];
    // The facts are in; what follows from them waits for people.
    expect((await issuer('admit', ...admission, '--reason', 'a block is closed', ...second)).code).toBe(2);
    const decided = async () => {
      const decisions = await Promise.all(people.map(({ code }) => newest(code)));
      return decisions.filter((each) => each !== undefined).length;
    };
    expect(await decided()).toBeLessThanOrEqual(POLICY_DEFAULTS.burst.perHour);

    const { held } = JSON.parse(ok(await issuer('bursts', '--json')));
    expect(held.length).toBeGreaterThan(0);
    for (const { id } of held) {
      const release = async (...names: readonly string[]) => {
        const claims = { aud: sampleIssuer(REGION), iat: network.now(), burst: id, rules: [RULE] };
        const sign = async (name: string) =>
          signStatement('release', { ...claims, reason: 'a true outbreak' }, await haidian.signer(name));
        return haidian.post('/bursts/release', { releases: await Promise.all(names.map(sign)) });
      };
      for (const names of [
        ['overseer-1', 'overseer-2'],
        [`${REGION}.operator-1`, `${REGION}.operator-2`],
        ['CN-BJ.operator-1', 'CN-BJ.operator-2'],
        ['CN-GD.operator-2', 'CN-GD.operator-3'],
      ]) {
        const { body } = await release(...names);
        expect([names, body['code']]).toEqual([names, 'release-refused']);
      }
      const { body: released } = await release('CN-BJ.operator-2', 'CN-BJ.operator-3');
      expect(released).toEqual({ id, state: 'released', rules: [RULE] });
    }
    await network.keepDecisionsNow();
    expect(await decided()).toBe(CROWD);
  });
});
