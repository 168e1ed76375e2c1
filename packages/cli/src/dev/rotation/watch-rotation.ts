import type { DataFolder } from '@symbolon/local/data-folder';
import { startNetwork } from '@symbolon/local/network';
import { formatInstant, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { systemNow } from '../../clock.ts';
import { EXIT } from '../../exit-code.ts';
import { heading, note, print } from '../../output/terminal.ts';
import { ensureBundles } from '../bundles.ts';
import { openGate } from './gate-visitor.ts';
import { type KeyEvent, keyEvents, type Moment } from './key-events.ts';
import { simulatedClock } from './simulated-clock.ts';
import { type SeenKey, timeline } from './timeline.ts';

/** A person shows a credential this often. */
const VISIT_HOURS = 6;
/** Shorter than a region's own, so that a week shows several of them. */
const EPOCH_HOURS = 48;
/** This gate is never older than an hour: lists are there for the longest validity, and little more. */
const LIST_AHEAD_HOURS = 26;
const DRAWN = { region: 'CN-BJ', use: 'credential' } as const;

export interface Watch {
  readonly folder: DataFolder;
  readonly speed: number;
  readonly days: number;
  readonly onLog: (place: string, line: string) => void;
  readonly isInterrupted: () => boolean;
  readonly interrupted: Promise<void>;
}

/**
 * Runs the federation on a fast clock, and tells what becomes of the keys: the same functions, started every simulated hour, with a gate that pulls
 * each bundle and keeps its state, and people who come by.
 *
 * @returns the exit code: 0 when every honest credential was accepted, 130 when it was interrupted before the first one
 */
export async function watchRotation(watch: Watch): Promise<number> {
  const { folder, speed, days, onLog, isInterrupted, interrupted } = watch;
  print('Founding the federation...');
  const start = hourFloor(systemNow());
  const clock = simulatedClock(start, speed);
  const bundles = await ensureBundles();
  if (isInterrupted()) return EXIT.interrupted;
  const epochHours = EPOCH_HOURS;
  const network = await startNetwork({
    folder,
    port: 0,
    bundles,
    onLog,
    clock: clock.now,
    epochHours,
    listAheadHours: LIST_AHEAD_HOURS,
  });
  try {
    if (isInterrupted()) return EXIT.interrupted;
    const gate = await openGate(network, folder);
    const seen = new Map<string, SeenKey>();
    let last: Moment | undefined;
    let [shown, accepted, hours] = [0, 0, 0];
    print(
      `${heading('A federation on a fast clock')}: ${days} days at ${speed} times real time; epochs of ${epochHours} h, a lead of 96 h.`,
    );
    for (; hours < days * 24 && !isInterrupted(); hours++) {
      const at = clock.now();
      await network.rotateNow();
      await network.publishNow();
      const trust = await gate.pull(at);
      const moment = { view: trust.registry, at };
      for (const event of keyEvents(last, moment)) print(eventText(event));
      for (const key of trust.registry.regions[DRAWN.region]?.keys ?? []) {
        seen.set(key.kid, { key, firstSeen: seen.get(key.kid)?.firstSeen ?? at, lastSeen: at });
      }
      last = moment;
      if (hours % VISIT_HOURS === 0) {
        const verdicts = await gate.visit(trust, at);
        shown += verdicts.length;
        accepted += verdicts.filter(({ outcome }) => outcome === 'accepted').length;
        for (const { outcome, findings } of verdicts)
          if (outcome !== 'accepted') note(`  ${outcome}: ${findings.map(({ code }) => code).join(', ')}`);
      }
      await Promise.race([clock.nextHour(), interrupted]);
    }
    print(`\n${heading(`Issuing keys of ${DRAWN.region}`)}`);
    print(timeline([...seen.values()], DRAWN.use, start, clock.now()));
    print(`\n${hours} hours: ${shown} fresh credentials were shown at the gate, ${accepted} were accepted.`);
    return shown === accepted ? EXIT.accepted : EXIT.refused;
  } finally {
    await network.stop();
  }
}

const SAYS: Record<KeyEvent['what'], string> = {
  published: 'is published',
  'in reserve': 'is in reserve',
  signs: 'signs from now on',
  retired: 'has left the registry',
};

function eventText({ at, region, use, kid, what }: KeyEvent): string {
  return `${dayText(at)}  ${region}  ${use.padEnd(10)}  ${kid} ${SAYS[what]}`;
}

function dayText(at: Instant): string {
  return formatInstant(at).slice(0, 16).replace('T', ' ');
}
