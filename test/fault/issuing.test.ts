import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { enrol } from '@symbolon/issuer/enrol';
import { entryAllocator } from '@symbolon/issuer/entry-allocator';
import { evaluate } from '@symbolon/issuer/evaluate';
import { takeInBatch } from '@symbolon/issuer/intake';
import { mintBatch } from '@symbolon/issuer/mint-batch';
import { publishLists } from '@symbolon/issuer/publish-lists';
import { publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { addSeconds, type Instant } from '@symbolon/protocol/instant';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import { statusAt } from '@symbolon/status/status-list';
import { openStatusListToken, parseStatusListToken } from '@symbolon/status/token';
import { beforeAll, describe, expect, it } from 'vitest';
import { type MemoryStores, memoryStores } from '../../packages/issuer/src/testing/memory-stores.ts';
import { signBatch } from '../../packages/issuer/src/testing/sample-batch.ts';
import { sampleLog } from '../../packages/issuer/src/testing/sample-log.ts';
import {
  NOW,
  SAMPLE_ISSUER,
  type SamplePublication,
  samplePublication,
} from '../../packages/issuer/src/testing/sample-publication.ts';
import { checkRegion, type IssuedCredential } from '../support/check-region.ts';
import { type Failure, flakyPorts, PortFailure } from '../support/flaky-ports.ts';

const ENTRIES = 1024;
/** More calls than a story makes. */
const SAFETY = 1000;
let sample: SamplePublication;
const holderKey = (name: string) => publicPart(insecurePrivateKeyFromSeed('ES256', `holder ${name}`));

beforeAll(async () => {
  sample = await samplePublication();
});

interface Told {
  readonly faults: readonly string[];
  /** Of each decision: level, rule and mode. */
  readonly decisions: readonly string[];
  readonly handedOut: number;
  readonly calls: readonly string[];
  readonly failed: boolean;
}

/**
 * The story of a mistaken fact, as its callers live it: whatever fails is asked for again, as it was. A wallet asks for a batch before, during and after the
 * mistake, and lists are published after each.
 */
async function tell(failure: Failure | undefined): Promise<Told> {
  const stores = memoryStores();
  const issued: IssuedCredential[] = [];
  const random = insecureRandomFromSeed('fault tables');
  const { publication, scheme, operators, sources, signers } = sample;
  // Rounds of the log run on the same stores, which fail for them as well.
  const { ports: flaky, calls } = flakyPorts({ ...stores, random }, failure);
  const { decisionLog } = await sampleLog(flaky, publication);
  const ports = { ...flaky, decisionLog };
  let failed = false;
  let clock = NOW;
  const again = async <T>(step: (now: Instant) => Promise<T>): Promise<T> => {
    clock = addSeconds(clock, 1);
    try {
      return await step(clock);
    } catch (error) {
      if (!(error instanceof PortFailure)) throw error;
      failed = true;
      // Another process goes on: what the first one had in memory is gone.
      clock = addSeconds(clock, 1);
      return await step(clock);
    }
  };

  const { subject } = await again((now) =>
    enrol(ports, [{ kind: 'identity-card', value: 'TEST0001' }], operators.clerk.ref, now),
  );
  const take = async (
    id: string,
    facts: Parameters<typeof signBatch>[2],
    retracts: { id: string }[] = [],
  ) => {
    const batch = await signBatch(
      sources.tracing,
      id,
      facts,
      NOW,
      retracts.map((each) => ({ ...each, subject })),
    );
    await again((now) => takeInBatch(ports, publication, batch, operators.clerk.ref, now));
  };
  const mint = async (name: string) => {
    const credentials = await again(async (now) => {
      const { decision } = await evaluate(ports, publication, scheme, subject, now);
      const entries = entryAllocator({ lists: ports.lists, random, listEntries: ENTRIES });
      const order = {
        decision,
        format: 'dc+sd-jwt' as const,
        holderKeys: [holderKey(`${name} 1`), holderKey(`${name} 2`)],
      };
      return mintBatch({ ...ports, entries, signers }, publication, order, now);
    });
    for (const credential of credentials) {
      const { level, rule, scheme: of, statusEntry } = parseSdJwt(credential).claims;
      issued.push({ level, rule, scheme: of, statusEntry });
    }
  };
  const publish = () =>
    again((now) =>
      publishLists(
        ports,
        {
          signer: signers[1],
          listEntries: ENTRIES,
          ttlSeconds: 60,
          resignSeconds: 3600,
          readableSeconds: 98 * 3600,
          issuer: SAMPLE_ISSUER,
          did: publication.region.did,
          aheadHours: 2,
          lifeHours: 24,
          bitstring: false,
        },
        now,
      ),
    );

  await take('test', [
    { id: 'pcr-1', subject, type: 'pcr', at: addSeconds(NOW, -3600), fields: { result: 'negative' } },
  ]);
  await mint('before');
  await publish();
  await take('mistake', [
    { id: 'pcr-2', subject, type: 'pcr', at: addSeconds(NOW, -1800), fields: { result: 'positive' } },
  ]);
  await mint('mistaken');
  await publish();
  await take('correction', [], [{ id: 'pcr-2' }]);
  await mint('after');
  // The step after: within one, nothing changes.
  clock = addSeconds(clock, 120);
  await publish();

  const evidence = {
    schemes: [scheme.id],
    credentials: issued,
    published: (entry: StatusEntry) => shownIn(stores, entry),
  };
  const decisions = await stores.decisions.all(subject, scheme.id);
  return {
    faults: await checkRegion(stores, evidence, clock),
    decisions: decisions.map(({ level, rule, mode }) => `${level} ${rule} ${mode}`),
    handedOut: issued.length,
    calls,
    failed,
  };
}

async function shownIn({ publisher }: MemoryStores, { uri, idx }: StatusEntry): Promise<number | undefined> {
  const token = await publisher.read(uri.slice(uri.lastIndexOf('/') + 1));
  if (token === undefined) return undefined;
  return statusAt(await openStatusListToken(parseStatusListToken(token)), idx);
}

describe('fault tables of issuing: every call of every port fails once', () => {
  it('undisturbed, the story ends well, and the checker would see if it did not', async () => {
    const { faults, decisions, handedOut } = await tell(undefined);
    expect(faults).toEqual([]);
    expect(decisions.map((each) => each.split(' ')[0])).toEqual(['green', 'red', 'green']);
    expect(handedOut).toBe(6);
  });

  it.each(['before', 'after'] as const)(
    '%s it was persisted: asked for again, all ends the same',
    async (when) => {
      const whole = await tell(undefined);
      const seen = new Set<string>();
      let at = 0;
      for (; at < SAFETY; at++) {
        const told = await tell({ at, when });
        if (!told.failed) break;
        const failed = told.calls[at] ?? expect.unreachable();
        seen.add(failed);
        expect([failed, told.faults, told.decisions, told.handedOut]).toEqual([
          failed,
          [],
          whole.decisions,
          whole.handedOut,
        ]);
      }
      // The table is as long as the story.
      expect(at).toBe(whole.calls.length);
      for (const call of [
        'facts.add',
        'facts.retract',
        'batches.begin',
        'batches.move',
        'decisions.append',
        'decisions.pending',
        'decisions.find',
        'decisions.markLogged',
        'decisions.unwitnessed',
        'decisions.markEffective',
        'mints.record',
        'lists.lease',
        'lists.flag',
        'publisher.publish',
        'publisher.announce',
      ])
        expect(seen).toContain(call);
    },
  );
});
