import type { DataFolder } from '@symbolon/local/data-folder';
import type { LocalNetwork } from '@symbolon/local/network';
import { sampleSchemesOf } from '@symbolon/local/sample/rules';
import type { Instant } from '@symbolon/protocol/instant';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import type { Trust } from '@symbolon/verifier/trust';
import { verify } from '@symbolon/verifier/verify';
import { GATE } from '../../story/gate.ts';
import { operatorOf } from '../../story/people.ts';
import { homeOf } from '../../story/stage.ts';
import { pinRoot, pullBundle } from '../../trust/pull.ts';
import { requestBatch } from '../../wallet/request-batch.ts';
import { present } from '../../wallet/show.ts';

/** Enrolment codes live for 30 days. */
const CODE_SECONDS = 29 * 24 * 3600;

/** A gate in Guangdong with its own folder and state, and a person of each province who comes by with a fresh credential. */
export interface Gate {
  pull(now: Instant): Promise<Trust>;
  /** One person of each region that issues `health`: gets a credential now, and shows it. */
  visit(trust: Trust, now: Instant): Promise<readonly Verdict[]>;
}

export async function openGate(network: LocalNetwork, folder: DataFolder): Promise<Gate> {
  const path = folder.file('gate-in-guangdong');
  await pinRoot(path, network.registryUrl, { sha256: network.root.sha256 });
  const codes = new Map<string, { readonly code: string; readonly since: Instant }>();
  const codeOf = async (region: LocalNetwork['regions'][number]['region'], now: Instant) => {
    const kept = codes.get(region);
    if (kept !== undefined && now - kept.since < CODE_SECONDS) return kept.code;
    const { code } = await operatorOf(network, region).enrol('TEST-CARD-0001');
    codes.set(region, { code, since: now });
    return code;
  };
  return {
    pull: async (now) => (await pullBundle(path, now, () => undefined)).trust,
    visit: async (trust, now) => {
      const verdicts: Verdict[] = [];
      for (const { region } of network.regions) {
        if (!sampleSchemesOf(region).includes('health')) continue;
        const { endpoint, issuer } = homeOf(network, region);
        const code = await codeOf(region, now);
        const ask = { endpoint, issuer, code, scheme: 'health', format: 'dc+sd-jwt', count: 1, now } as const;
        for (const { credential, key } of await requestBatch(ask)) {
          const held = {
            credential,
            key,
            scheme: 'health',
            format: ask.format,
            receivedAt: now,
            used: false,
          };
          verdicts.push(await verify(await present(held, { disclose: [], now }), trust, GATE, now));
        }
      }
      return verdicts;
    },
  };
}
