import type { Instant } from '@symbolon/protocol/instant';
import { collectFindings } from '../findings.ts';
import type { JudgeOf } from '../log/judge.ts';
import type { PastRegistry } from '../registry/past.ts';
import type { KnownRule } from '../registry/past-rules.ts';
import { checkApprovers } from './check-approvers.ts';
import { checkClasses } from './check-rules.ts';
import { checkExcesses } from './excesses.ts';
import { checkRates } from './rates.ts';
import { checkReach } from './reach.ts';
import { checkReleases } from './releases.ts';
import { isWorse } from './worse.ts';

/**
 * Judges the decisions of a log for good, with all the checks that look at them one by one or in windows.
 *
 * @param signedAt of the registry: what it says of later times it may say otherwise
 * @returns nothing when a publication cannot be read: what is missing today must not be held against anyone for ever
 */
export function judgeDecisions(
  origin: string,
  past: PastRegistry,
  rules: ReadonlyMap<string, KnownRule>,
  signedAt: Instant,
): JudgeOf | undefined {
  const { unreadable, publications } = past;
  if (unreadable.length > 0 || publications.some(({ damaged }) => damaged.length > 0)) return undefined;
  return (findings, others) => ({
    until: signedAt,
    isWorse: (of) => isWorse(past, of),
    settle: (gone, all, begin, told) => {
      checkReach(gone, past, findings);
      checkClasses({ origin, classes: gone, past, rules }, findings);
      checkApprovers(gone, past, findings);
      // What is wrong with releases is told of the leaves themselves, which stay.
      const releasedAt = checkReleases(others, past, collectFindings());
      return checkExcesses(all, releasedAt, past, begin, told, findings);
    },
    rate: (days, began, rated) => checkRates(days, began, findings, rated),
  });
}
