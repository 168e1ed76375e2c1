import { logTrust, openCheckpoint, requireWitnesses } from '@symbolon/log/checkpoint';
import { WITNESSED } from '@symbolon/log/log-store';
import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { addHours, addSeconds, type Instant } from '@symbolon/protocol/instant';
import { LIMITS, WINDOW } from '@symbolon/protocol/limits';
import type { LogPlace } from '@symbolon/protocol/schemas/log';
import { readBundle } from '@symbolon/registry/bundle';
import type { DoctorFinding } from '@symbolon/registry/doctor/finding';
import { httpRepository } from '@symbolon/registry/http-repository';
import { REGISTRY_LOG_FILE } from '@symbolon/registry/open-bundle';
import type { RegistryView } from '@symbolon/registry/registry-view';
import type { ReadFile } from '@symbolon/registry/source';
import { openRegistryLog } from '@symbolon/verifier/open-registry-log';
import { severityOfLog } from '@symbolon/verifier/registry-log-severity';

const ANSWER_MILLISECONDS = 5_000;
const BUNDLE = 'trust.bundle';
const PLACE = 'log';

/**
 * Whether the log of the registry is alive, as its witnesses see it, and whether the bundle that verifiers fetch proves what is published. Nothing where the
 * federation names no log.
 */
export async function examineLog(
  registry: RegistryView,
  read: ReadFile,
  now: Instant,
): Promise<readonly DoctorFinding[]> {
  const { log } = registry.federation;
  if (log === undefined) return [];
  const found = await Promise.all([examineWitnessed(registry, log, now), examineProof(registry, read, now)]);
  return found.flat();
}

/** REQ-LOG-009 */
async function examineWitnessed(
  { federation }: RegistryView,
  log: LogPlace,
  now: Instant,
): Promise<readonly DoctorFinding[]> {
  const { warnAfterHours, referAfterHours } = federation.freshness;
  const trust = logTrust(log, federation.witnesses);
  try {
    const { fetch } = httpRepository({ baseUrl: log.url, timeoutMs: ANSWER_MILLISECONDS });
    const note = await fetch(WITNESSED, LIMITS.checkpointBytes);
    if (note === undefined) return [{ code: 'log-missing', severity: 'fail', place: PLACE }];
    const latest = addSeconds(now, WINDOW.witnessAheadSeconds);
    const seen = requireWitnesses(await openCheckpoint(note, trust), trust, latest);
    const at = addHours(seen, referAfterHours);
    if (now < addHours(at, warnAfterHours - referAfterHours)) return [];
    return [{ code: 'checkpoint-stale', severity: now < at ? 'warn' : 'fail', place: PLACE, at }];
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    const { code: reason } = error;
    const code = reason === 'metadata-unreachable' ? 'endpoint-unreachable' : 'endpoint-disagrees';
    return [{ code, severity: 'fail', place: PLACE, reason }];
  }
}

/** REQ-LOG-017, as a verifier grades it. */
async function examineProof(
  registry: RegistryView,
  read: ReadFile,
  now: Instant,
): Promise<readonly DoctorFinding[]> {
  const opened = await openRegistryLog(registry, await proofIn(read), undefined, now);
  const severity = severityOfLog(registry, opened?.log, now);
  if (opened === undefined || severity === undefined) return [];
  const { log } = opened;
  return [
    {
      code: 'registry-unlogged',
      severity: severity === 'warn' ? 'warn' : 'fail',
      place: PLACE,
      ...(log.is === 'invalid' && { reason: log.reason }),
    },
  ];
}

/** Nothing, when there is no bundle or it is damaged: then it proves nothing. */
async function proofIn(read: ReadFile): Promise<Bytes | undefined> {
  try {
    const bundle = await read(BUNDLE, { maxBytes: LIMITS.bundleBytes });
    return bundle && (await readBundle(bundle)).get(REGISTRY_LOG_FILE);
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}
