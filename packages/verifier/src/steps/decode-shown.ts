import { LIMITS } from '@symbolon/protocol/limits';
import type { Decoded } from '../decoded.ts';
import type { Findings } from '../findings.ts';
import type { Trust } from '../trust/trust.ts';
import { decode } from './decode.ts';

/**
 * Step 1, of everything that is shown together. Each presentation is decoded, so that all that is wrong with any is told.
 *
 * @returns all credentials in the order shown; nothing when one presentation cannot be read, or there are more than `LIMITS.shownTogether`
 */
export async function decodeShown(
  presentation: string | readonly string[],
  trust: Trust,
  findings: Findings,
): Promise<readonly Decoded[] | undefined> {
  // What is neither, whatever the types promise, is one presentation that cannot be read.
  if (!Array.isArray(presentation)) return bounded(await decode(presentation, trust, findings), findings);
  if (presentation.length === 0) findings.add('decode', 'presentation-unrecognised', 'not-authentic');
  // REQ-DEC-004: counted before anything is done with them.
  if (presentation.length > LIMITS.shownTogether)
    findings.add('decode', 'presentation-too-large', 'not-authentic');
  if (findings.has('not-authentic')) return undefined;
  const all: Decoded[] = [];
  for (const [index, text] of presentation.entries()) {
    findings.about(presentation.length === 1 ? undefined : index);
    all.push(...((await decode(text, trust, findings)) ?? []));
  }
  findings.about(undefined);
  return findings.has('not-authentic') ? undefined : bounded(all, findings);
}

function bounded(all: readonly Decoded[] | undefined, findings: Findings): readonly Decoded[] | undefined {
  if (all === undefined || all.length <= LIMITS.shownTogether) return all;
  findings.add('decode', 'presentation-too-large', 'not-authentic');
  return undefined;
}
