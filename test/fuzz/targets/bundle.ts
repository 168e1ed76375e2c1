import { isDeepStrictEqual } from 'node:util';
import { sha256Hex } from '@symbolon/keys/digest';
import type { Bytes } from '@symbolon/protocol/bytes';
import { isCode } from '@symbolon/protocol/codes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { addSeconds } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { readBundle, writeBundle } from '@symbolon/registry/bundle';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { listPath } from '@symbolon/registry/status-lists';
import { type OpenedTrust, type OpenTrust, openTrust } from '@symbolon/verifier/open-trust';
import { verify } from '@symbolon/verifier/verify';
import { gunzip as onNodeGunzip } from '../../../packages/registry/src/bundle/gzip.node.ts';
import { gunzip as inBrowsersGunzip } from '../../../packages/registry/src/bundle/gzip.ts';
import { keysFile, publishedKeys, publishUpdate } from '../../support/federation-fixture.ts';
import {
  coming,
  foundFederation,
  LIST_ID,
  listToken,
  NOW,
  SIGNED_AT,
} from '../../support/verifier-federation.ts';
import { bind, CLAIMS, mint } from '../../support/verifier-showings.ts';
import { changeBundle } from '../grammar/bundle-mutations.ts';
import type { BundleParts } from '../grammar/files-mutations.ts';
import type { Meter } from '../meter.ts';
import { comparedTrust } from '../oracle/bundle-oracle.ts';
import { failed, workBound } from '../oracle/verdict-oracle.ts';
import type { Outcome, Target } from '../target.ts';
import { POLICY } from './world.ts';

export type Open = (options: OpenTrust) => Promise<OpenedTrust>;

export interface BundleTargetOptions {
  readonly meter: Meter;
  /** The opener under test; in place of the real one, a weak one that the oracle must find out. */
  readonly open?: Open | undefined;
  readonly genuine?: readonly string[] | undefined;
}

/** A trust bundle, and an older one of the same registry, by a client that has opened the newer one before. */
export async function openBundleTarget({
  meter,
  open = openTrust,
  genuine: kept,
}: BundleTargetOptions): Promise<Target> {
  const genuine = kept ?? (await published());
  const [pinnedRoot, bundle, olderBundle, accepted, revoked] = genuine.map(fromText);
  if (
    pinnedRoot === undefined ||
    bundle === undefined ||
    olderBundle === undefined ||
    accepted === undefined ||
    revoked === undefined
  )
    throw new Error('a reproducer of another form');
  const parts: BundleParts = {
    bundle,
    olderBundle,
    files: await readBundle(bundle),
    older: await readBundle(olderBundle),
  };
  const first = await openTrust({ bundle: olderBundle, pinnedRoot, now: NOW });
  const { state } = await openTrust({ bundle, pinnedRoot, now: NOW, state: first.state });
  meter.take();
  const expected = await openTrust({ bundle, pinnedRoot, now: NOW, state });
  const work = meter.take();
  const probes = await Promise.all(
    [accepted, revoked].map(async (text) => ({
      text: Buffer.from(text).toString(),
      outcome: await outcomeOf(Buffer.from(text).toString(), expected),
    })),
  );
  if (probes.map(({ outcome }) => outcome).join() !== 'accepted,refused')
    throw new Error('the probes are not as they should be');

  return {
    genuine,
    mutant: async (dice) => {
      const { bytes, how } = await changeBundle(parts, dice);
      return { input: bytes, how, sealed: 'not' };
    },
    judge: async ({ input }) => {
      if (typeof input === 'string') throw new Error('a bundle is bytes');
      if (!(await inflatesAlike(input))) return failed('browsers inflate it otherwise than Node');
      meter.take();
      let opened: OpenedTrust;
      try {
        opened = await open({ bundle: input, pinnedRoot, now: NOW, state });
      } catch (error) {
        if (!isSymbolonError(error) || !isCode(error.code)) return failed(`it threw ${String(error)}`);
        return overWork(meter.take(), workBound(work, input.length)) ?? { kind: 'refused', code: error.code };
      }
      const over = overWork(meter.take(), workBound(work, input.length));
      return over ?? (await probed(comparedTrust(opened, expected), opened, probes));
    },
  };
}

/** Both variants of the one function take it and give the same, or both refuse it with the same code. */
async function inflatesAlike(bundle: Bytes): Promise<boolean> {
  const [onNode, inBrowsers] = await Promise.all(
    [onNodeGunzip, inBrowsersGunzip].map((gunzip) => inflated(bundle, gunzip)),
  );
  return isDeepStrictEqual(onNode, inBrowsers);
}

async function inflated(bundle: Bytes, gunzip: typeof onNodeGunzip): Promise<string> {
  try {
    return sha256Hex(await gunzip(bundle, LIMITS.bundleBytes));
  } catch (error) {
    return isSymbolonError(error) ? error.code : String(error);
  }
}

function overWork(work: number, bound: number): Outcome | undefined {
  return work > bound ? failed(`it read ${work} bytes, ${bound} are enough`) : undefined;
}

interface Probe {
  readonly text: string;
  readonly outcome: string;
}

/** What was refused stays refused; what was accepted is accepted or is not. */
async function probed(outcome: Outcome, opened: OpenedTrust, probes: readonly Probe[]): Promise<Outcome> {
  if (outcome.kind === 'failed') return outcome;
  for (const probe of probes) {
    const now = await outcomeOf(probe.text, opened);
    if (now === 'accepted' && probe.outcome !== 'accepted') return failed('a revoked credential is accepted');
    if (outcome.kind === 'unchanged' && now !== probe.outcome) return failed('a verdict differs');
  }
  return outcome;
}

async function outcomeOf(text: string, { trust }: OpenedTrust): Promise<string> {
  return (await verify(text, trust, POLICY, NOW)).outcome;
}

/** A registry, a publication that withdraws a key, and two credentials: of entry 0, which is valid, and of entry 1, which is not. */
async function published(): Promise<readonly string[]> {
  const fixture = await foundFederation();
  const { 'CN-BJ': beijing } = fixture.regions;
  const token = await listToken(fixture);
  const olderList = await listToken(fixture, {
    entries: Uint8Array.of(0, 0, 0, 0),
    issuedAt: addSeconds(SIGNED_AT, -60),
  });
  const bundled = async (list: string) =>
    writeBundle(
      await collectBundle({ read: fixture.files, lists: new Map([[listPath('CN-BJ', LIST_ID), list]]) }),
    );
  const older = await bundled(olderList);
  const at = addSeconds(SIGNED_AT, 60);
  const keys = publishedKeys(beijing, SIGNED_AT);
  const usual = keys.map((key) => ({ ...key }));
  const withdrawn = {
    signer: coming,
    use: 'credential' as const,
    notBefore: keys[0]?.notBefore ?? at,
    notAfter: keys[0]?.notAfter ?? at,
    revoked: { since: at, reason: 'stolen' },
  };
  await publishUpdate(fixture, at, (draft) =>
    updateRole(
      draft,
      { role: 'CN-BJ.keys', put: keysFile('CN-BJ', [...usual, withdrawn]) },
      [beijing.keys],
      at,
    ),
  );
  const uri = CLAIMS.statusEntry?.uri ?? '';
  const revoked = await bind(
    `${await mint(fixture, { claims: { ...CLAIMS, statusEntry: { idx: 1, uri } } })}`,
  );
  const accepted = await bind(await mint(fixture));
  return [fixture.pinnedRoot, await bundled(token), older, Buffer.from(accepted), Buffer.from(revoked)].map(
    toText,
  );
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function fromText(text: string): Bytes {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
