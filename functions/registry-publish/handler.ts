import { utf8 } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { readEvent } from '@symbolon/registry/ceremony/event/read-event';
import * as z from 'zod/mini';
import { codeOf } from '../runtime/code-of.ts';
import { type Answer, httpFunction, type Route } from '../runtime/http-function.ts';
import { jsonLog } from '../runtime/log.ts';
import { problemOf } from '../runtime/problem.ts';
import { runRegistryLog } from '../runtime/registry-log-run.ts';
import { writeTrustBundle } from '../runtime/trust-bundle.ts';
import { whileOvertaken } from '../runtime/write-over.ts';
import { type RegistryPublish, registryPublish } from './dependencies.ts';
import { publishEvent } from './publish-event.ts';

/** The files of a signing event, by their paths in its folder. */
const PublicationRequest = z.strictObject({ files: z.record(z.string(), z.string()) });

const STATUSES = {
  'event-unsigned': 403,
  'publication-conflict': 409,
  'content-type-unsupported': 415,
  clock: 503,
} as const;
/** For faults of an event whose codes stand for a fault of the registry elsewhere. */
const UNPROCESSABLE = 422;
const BUNDLE_TRIES = 3;

/** Where what enough admins, or a region's keys role, have signed becomes what everybody reads. */
export const ROUTES: readonly Route<RegistryPublish>[] = [
  {
    method: 'POST',
    path: '/publications',
    maxBytes: LIMITS.publicationBytes,
    accepts: 'application/json',
    statuses: STATUSES,
    handle: async (world, { body }): Promise<Answer> => {
      const { files } = check(PublicationRequest, body, 'request-malformed');
      const event = readEvent(new Map(Object.entries(files).map(([path, text]) => [path, utf8(text)])));
      const outcome = await publishEvent(world, event);
      if (outcome.is === 'refused') {
        const { status } = problemOf(outcome.fault, STATUSES);
        return { status: status < 500 ? status : UNPROCESSABLE, fault: outcome.fault };
      }
      const { snapshotVersion } = outcome;
      if (outcome.is === 'there already') return { status: 200, body: { snapshotVersion } };
      const { files: written, tries } = outcome;
      world.log('publication.made', { snapshotVersion, files: written, tries });
      // The bundle carries what the log says of it.
      await logPublication(world);
      await renewBundle(world);
      return { status: 201, body: { snapshotVersion } };
    },
  },
];

/** REQ-LOG-017. Witnesses that are down, or a log that is, hold no publication up. */
async function logPublication({ objects, pinnedRoot, memory, ...world }: RegistryPublish): Promise<void> {
  const open = async () => memory.open(objects, await pinnedRoot(), world.clock());
  await runRegistryLog({ ...world, open });
}

/**
 * What was published reaches offline verifiers with the bundle, so it is written at once: a key that was revoked must not count for an hour more. No region is
 * asked for its lists; they stay as they are until the hourly run. If it does not work out now, that run writes it: what is published is published.
 */
async function renewBundle({ objects, pinnedRoot, clock, log }: RegistryPublish): Promise<void> {
  try {
    // Whoever wrote it meanwhile may not have seen this publication yet.
    const written = await whileOvertaken(BUNDLE_TRIES, async () =>
      writeTrustBundle(objects, await pinnedRoot(), undefined, clock()),
    );
    log('bundle.written', written);
  } catch (error) {
    log('bundle.postponed', { code: codeOf(error) });
  }
}

export const handler = httpFunction(jsonLog('registry-publish'), registryPublish, ROUTES);
