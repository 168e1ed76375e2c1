import { reevaluate } from '@symbolon/issuer/reevaluate';
import { addSeconds } from '@symbolon/protocol/instant';
import { NOW } from '../../packages/issuer/src/testing/sample-publication.ts';
import { faultsOf } from './faults.ts';
import { livingBytes, peakBytes, type Spent, stopwatch } from './meter.ts';
import { personOf } from './person.ts';
import { BATCH, enrolAll, mintFor, publishUsed, takeInAll } from './steps.ts';
import { foundWorld, type World } from './world.ts';

export const STEPS = ['enrol', 'take in', 'mint', 'reevaluate', 'publish'] as const;
export type Step = (typeof STEPS)[number];

/** What one step came to in all. `of`: how many it was about (people, credentials, lists). */
export interface StepResult extends Spent {
  readonly step: Step;
  readonly of: number;
}

/** How far things had come when so many people were worked on; seconds of CPU time since the step began. */
export interface Mark {
  readonly people: number;
  readonly cpu: number;
}

export interface LoadResult {
  readonly people: number;
  readonly steps: readonly StepResult[];
  /** Facts taken in and everyone evaluated, tenth by tenth; the bytes that the stores hold then. */
  readonly intake: readonly (Mark & { readonly storeBytes: number })[];
  readonly reevaluation: readonly Mark[];
  readonly facts: number;
  /** Whom the new rules gave another level. */
  readonly changed: number;
  readonly storeBytes: number;
  readonly peakBytes: number;
  /** What did not come out as it must; nothing when all did. */
  readonly faults: readonly string[];
}

export interface LoadOptions {
  readonly people: number;
  readonly progress?: (step: Step, share: number) => void;
  /** Looks at what is called, when the world is made. For tests. */
  readonly watch?: (world: World) => World;
}

const TENTHS = 10;

/**
 * A region of so many people: everyone is enrolled and reported of, one in 97 gets a batch of credentials, new rules make everyone be evaluated anew, and the
 * lists are published. Then everything is compared with what was worked out without the issuer.
 */
export async function runLoad({ people, progress, watch }: LoadOptions): Promise<LoadResult> {
  const founded = await foundWorld();
  const world = watch?.(founded) ?? founded;
  const before = livingBytes();
  const watches = {
    enrol: stopwatch(),
    'take in': stopwatch(),
    mint: stopwatch(),
    reevaluate: stopwatch(),
    publish: stopwatch(),
  };
  const subjects: string[] = [];
  const intake: LoadResult['intake'][number][] = [];
  let facts = 0;
  for (let tenth = 1; tenth <= TENTHS; tenth++) {
    progress?.('take in', (tenth - 1) / TENTHS);
    const to = Math.round((people * tenth) / TENTHS);
    const part = range(subjects.length, to).map(personOf);
    for (const each of await watches.enrol.measure(() => enrolAll(world, part))) subjects.push(each);
    facts += await takeInAll(world, part, `tenth-${tenth}`, watches['take in']);
    const { cpu } = watches['take in'].spent();
    intake.push({ people: to, cpu, storeBytes: livingBytes() - before });
  }
  const wallets = subjects.filter((_, i) => personOf(i).hasWallet);
  progress?.('mint', 0);
  await watches.mint.measure(async () => {
    for (const subject of wallets) await mintFor(world, subject);
  });

  const reevaluation: Mark[] = [];
  const later = addSeconds(NOW, 600);
  const total = { visited: 0, changed: 0, held: 0, failed: 0 };
  for (let done = false; !done; ) {
    progress?.('reevaluate', total.visited / people);
    const subjectsAtMost = Math.ceil(people / TENTHS);
    const part = await watches.reevaluate.measure(() =>
      reevaluate(world.ports, world.newPublication, { subjectsAtMost }, later),
    );
    for (const key of ['visited', 'changed', 'held', 'failed'] as const) total[key] += part[key];
    done = part.done;
    reevaluation.push({ people: total.visited, cpu: watches.reevaluate.spent().cpu });
  }
  const storeBytes = livingBytes() - before;
  progress?.('publish', 0);
  const { published } = await watches.publish.measure(() => publishUsed(world, later));

  const faults = await faultsOf(world, { subjects, facts, total }, later);
  const of = { enrol: people, 'take in': people, mint: wallets.length * BATCH, reevaluate: total.visited };
  return {
    people,
    steps: STEPS.map((step) => ({ step, of: { ...of, publish: published }[step], ...watches[step].spent() })),
    intake,
    reevaluation,
    facts,
    changed: total.changed,
    storeBytes,
    peakBytes: peakBytes(),
    faults,
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
