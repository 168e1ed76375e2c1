import type { Instant } from '@symbolon/protocol/instant';
import { statusAt } from '@symbolon/status/status-list';
import { STATUS } from '@symbolon/status/status-value';
import { openStatusListToken, parseStatusListToken } from '@symbolon/status/token';
import { expectedLevels, factsOf, personOf } from './person.ts';
import { BATCH } from './steps.ts';
import type { World } from './world.ts';

export interface Outcome {
  /** By the numbers of the people. */
  readonly subjects: readonly string[];
  readonly facts: number;
  /** Of the re-evaluation. */
  readonly total: {
    readonly visited: number;
    readonly changed: number;
    readonly held: number;
    readonly failed: number;
  };
}

/** More of one kind says nothing more. */
const SHOWN = 5;

/** Everything that did not come out as it was worked out without the issuer, in words. */
export async function faultsOf(
  world: World,
  { subjects, facts, total }: Outcome,
  now: Instant,
): Promise<string[]> {
  const { decisions, mints } = world.ports;
  const statusOf = await publishedStatus(world);
  const faults: string[] = [];
  const expected = { facts: 0, changed: 0 };
  for (const [number, subject] of subjects.entries()) {
    const person = personOf(number);
    const levels = expectedLevels(person);
    expected.facts += factsOf(person, now).length;
    expected.changed += levels.length - 1;
    const found = (await decisions.all(subject, 'health')).map(({ level }) => level);
    if (found.join() !== levels.join()) faults.push(`person ${number}: ${found} and not ${levels}`);
    const entries = (await mints.living(subject, 'health', now)).flatMap((mint) => mint.entries);
    if (entries.length !== (person.hasWallet ? BATCH : 0))
      faults.push(`person ${number}: ${entries.length} entries`);
    const status = levels.length > 1 ? STATUS.SUSPENDED : STATUS.VALID;
    if (!entries.every((entry) => statusOf(entry.uri, entry.idx) === status))
      faults.push(`person ${number}: the published list does not say ${status}`);
  }
  const { visited, changed, held, failed } = total;
  const counts = [
    ['subjects', new Set(subjects).size, subjects.length],
    ['facts', facts, expected.facts],
    ['visited', visited, subjects.length],
    ['changed', changed, expected.changed],
    ['held', held, 0],
    ['failed', failed, 0],
  ] as const;
  for (const [what, found, wanted] of counts)
    if (found !== wanted) faults.push(`${what}: ${found} and not ${wanted}`);
  return faults.slice(0, SHOWN);
}

async function publishedStatus({ ports }: World): Promise<(uri: string, idx: number) => number | undefined> {
  const lists = new Map<string, Awaited<ReturnType<typeof openStatusListToken>>>();
  for (const id of ports.publisher.index()) {
    const token = parseStatusListToken((await ports.publisher.read(id)) ?? '');
    lists.set(token.claims.sub, await openStatusListToken(token));
  }
  return (uri, idx) => {
    const list = lists.get(uri);
    return list === undefined ? undefined : statusAt(list, idx);
  };
}
