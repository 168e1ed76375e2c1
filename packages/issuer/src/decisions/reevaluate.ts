import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { type Publication, rulesOf } from '../publication.ts';
import { failuresOfPeople } from './one-person.ts';
import {
  NOBODY,
  type ReevaluatePorts,
  type ReevaluationCounts,
  reevaluateScheme,
} from './reevaluate-scheme.ts';
import { dueRun, readRun } from './reevaluation-run.ts';
import { rulesFingerprint } from './rules-fingerprint.ts';

export interface Reevaluation extends ReevaluationCounts {
  /** The scheme that was worked on; none when nothing was due. */
  readonly scheme: string | undefined;
  /** Whether nothing is due any more, of any scheme. */
  readonly done: boolean;
}

/**
 * Evaluates everyone anew where the rules in force, the list of places or the scheme have changed since everyone was last (protocol, section 9.3), and once a
 * day in any case (UTC): a status that ended by time alone is recorded as ended, so that an adverse one after it counts as new for both guards. A round that
 * takes longer than a day is finished before the next one begins.
 *
 * Works on one scheme a call, resumes where the last call ended, and begins anew when things change meanwhile. Call it until it is done; on unchanged rules
 * it visits nobody twice a day. Whoever cannot be evaluated does not stop it, and a scheme that cannot be worked on does not stop the others. Two calls at
 * once do some work twice, and one of them leaves off.
 *
 * @throws SymbolonError once the work is saved: the first error that somebody must see, of a scheme (`rule-set-malformed`) or of a person (`storage-failed`)
 */
export async function reevaluate(
  ports: ReevaluatePorts,
  publication: Publication,
  { subjectsAtMost }: { readonly subjectsAtMost: number },
  now: Instant,
): Promise<Reevaluation> {
  const broken: unknown[] = [];
  const failures = failuresOfPeople();
  let worked: Reevaluation | undefined;
  for (const scheme of Object.values(publication.schemes)) {
    if (own(publication.ruleSets, scheme.id) === undefined) continue;
    try {
      const stored = await readRun(ports.jobs, scheme.id);
      const run = dueRun(rulesFingerprint(publication, scheme, now), stored, now);
      if (run === undefined) continue;
      if (worked !== undefined) {
        worked = { ...worked, done: false };
        break;
      }
      // Rules that cannot run are told of the scheme, before anyone is visited.
      rulesOf(publication, scheme);
      const { finished, ...counts } = await reevaluateScheme(
        ports,
        publication,
        { scheme, run },
        failures,
        subjectsAtMost,
        now,
      );
      worked = { scheme: scheme.id, ...counts, done: finished };
    } catch (error) {
      broken.push(error);
    }
  }
  if (broken.length > 0) throw broken[0];
  failures.throwFirst();
  return worked ?? { scheme: undefined, ...NOBODY, done: true };
}
