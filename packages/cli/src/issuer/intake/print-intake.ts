import { howMany } from '../../output/how-many.ts';
import { note, plain, print, printJson } from '../../output/terminal.ts';
import { noteGuarded } from '../burst-text.ts';
import type { IntakeState } from './resume-file.ts';
import type { IntakeResult } from './run-intake.ts';

/** So many are told to people; the file beside the input, and `--json`, have all of them. */
const MOST_TOLD = 20;

/** What came of a finished intake, and what is left to do. */
export function printIntake({ state, wasDone }: IntakeResult, isJson: boolean): void {
  const { region, line, batches, facts, retracts, added, held, bursts, unknown } = state;
  if (isJson) {
    printJson({
      lines: line,
      batches,
      facts,
      retracts,
      added,
      held,
      bursts,
      unknown,
      finishedBefore: wasDone,
    });
    return;
  }
  print(`${wasDone ? 'Finished before: ' : ''}${summary(state)}`);
  if (unknown.length > 0) {
    const more = unknown.length > MOST_TOLD ? `, and ${unknown.length - MOST_TOLD} more` : '';
    const lines = unknown.slice(0, MOST_TOLD).join(', ');
    note(`Left out, as the region does not know these people: lines ${lines}${more}.`);
  }
  if (wasDone) noteBefore(state);
  else {
    noteHeld(state);
    noteGuarded(region, bursts);
  }
}

function summary({ line, batches, facts, retracts, added, held }: IntakeState): string {
  const waiting = held.reduce((sum, batch) => sum + batch.facts, 0);
  const there = facts - waiting - added;
  const ofFacts = [
    `${added} new`,
    ...(there > 0 ? [`${there} there before`] : []),
    ...(waiting > 0 ? [`${waiting} in batches that wait`] : []),
  ];
  const what = `${howMany(facts, 'fact')} (${ofFacts.join(', ')}) and ${howMany(retracts, 'retraction')}`;
  return `${what} in ${howMany(batches, 'batch', 'batches')}, up to line ${line}.`;
}

/** What waited then may be settled since, which this file does not know. */
function noteBefore({ region, held, bursts }: IntakeState): void {
  note('Nothing was sent now.');
  if (held.length > 0)
    note(
      `${howMany(held.length, 'batch', 'batches')} waited for a second operator then: symbolon issuer held ${region}`,
    );
  if (bursts.length > 0)
    note(`The burst guard held decisions that followed then: symbolon issuer bursts ${region}`);
}

function noteHeld({ region, source, held }: IntakeState): void {
  if (held.length === 0) return;
  const wait =
    held.length === 1
      ? 'batch would turn many people adverse, and waits'
      : 'batches would turn many people adverse, and wait';
  note(`${held.length} ${wait} for a second operator:`);
  for (const { id, digest, facts, adverse } of held.slice(0, MOST_TOLD)) {
    note(`  ${howMany(facts, 'fact')}, ${howMany(adverse, 'person', 'people')}:`);
    note(
      plain(
        `  symbolon issuer admit ${region} --source ${source} --batch ${id} --digest ${digest} --reason "..."`,
      ),
    );
  }
  if (held.length > MOST_TOLD) note(`  All of them: symbolon issuer held ${region}`);
}
