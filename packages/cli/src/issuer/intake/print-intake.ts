import { note, plain, print, printJson } from '../../output/terminal.ts';
import type { IntakeState } from './resume-file.ts';

/** So many are told to people; the file beside the input, and `--json`, have all of them. */
const MOST_TOLD = 20;

/** What came of a finished intake, and what is left to do. */
export function printIntake(state: IntakeState, isJson: boolean): void {
  const { region, source, line, batches, facts, retracts, added, held, unknown } = state;
  if (isJson) {
    printJson({ lines: line, batches, facts, retracts, added, held, unknown });
    return;
  }
  print(
    `${facts} facts and ${retracts} retractions in ${batches} batches, up to line ${line}: ${added} new facts.`,
  );
  if (unknown.length > 0) {
    const more = unknown.length > MOST_TOLD ? `, and ${unknown.length - MOST_TOLD} more` : '';
    const lines = unknown.slice(0, MOST_TOLD).join(', ');
    note(`Left out, as the region does not know these people: lines ${lines}${more}.`);
  }
  if (held.length === 0) return;
  note(`${held.length} batches would turn many people adverse, and wait for a second operator:`);
  for (const { id, digest, facts: count, adverse } of held.slice(0, MOST_TOLD)) {
    note(`  ${count} facts, ${adverse} people:`);
    note(
      plain(
        `  symbolon issuer admit ${region} --source ${source} --batch ${id} --digest ${digest} --reason "..."`,
      ),
    );
  }
  if (held.length > MOST_TOLD) note(`  All of them: symbolon issuer held ${region}`);
}
