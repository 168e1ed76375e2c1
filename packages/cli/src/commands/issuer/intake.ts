import { LIMITS } from '@symbolon/protocol/limits';
import type { Command } from 'commander';
import { systemNow } from '../../clock.ts';
import { passphrases } from '../../custody/passphrase.ts';
import { signerAt } from '../../custody/signer-at.ts';
import { watchInterrupts } from '../../dev/interrupts.ts';
import { EXIT } from '../../exit-code.ts';
import { givenBy } from '../../files/file-fault.ts';
import { Interrupted } from '../../interrupted.ts';
import { readInputLine } from '../../issuer/intake/input-line.ts';
import { printIntake } from '../../issuer/intake/print-intake.ts';
import { reportableOf } from '../../issuer/intake/reportable-of.ts';
import { runIntake } from '../../issuer/intake/run-intake.ts';
import { BatchAnswer } from '../../issuer/intake/send-batch.ts';
import { surveyInput } from '../../issuer/intake/survey-input.ts';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { schemeOption } from '../../issuer/option-values.ts';
import { signed } from '../../issuer/signed.ts';
import { note, rateLine } from '../../output/terminal.ts';
import { count } from '../arguments.ts';
import { nameOption, regionArgument } from '../region-argument.ts';

interface Options extends IssuerOptions {
  readonly scheme: string;
  readonly source: string;
  readonly sourceKey: string;
  readonly sourcePassphraseFile?: string;
  readonly batch: number;
  readonly skipUnknown?: boolean;
}

/** `symbolon issuer intake` */
export function intakeCommand(parent: Command, setExitCode: (code: number) => void): void {
  addIssuerOptions(parent.command('intake'))
    .argument('<region>', 'the region', regionArgument)
    .argument('<file>', 'JSON Lines: one fact, or one that is taken back, a line')
    .summary("send a source's facts, batch by batch")
    .description(
      "Reads all of the file first, so that nothing is sent of one that is wrong somewhere. Then it signs batch after batch with the source's key and sends them. FILE.intake, " +
        'beside the file, says how far it has come: run the same command again when it breaks off. A fact that is in already is not stored again. Role: facts.',
    )
    .requiredOption('--scheme <name>', 'the scheme', schemeOption)
    .requiredOption('--source <name>', 'the source, as the region file names it', nameOption)
    .requiredOption('--source-key <address>', 'its key: a .jwe file, or awskms:///KEY')
    .option('--source-passphrase-file <file>', "the passphrase of the source's key, where it is another one")
    .option(
      '--batch <n>',
      'so many lines, at most, are signed together',
      count(LIMITS.batchFacts),
      LIMITS.batchFacts,
    )
    .option(
      '--skip-unknown',
      'leave out the lines about people whom the region does not know, and tell which',
    )
    .addHelpText(
      'after',
      `
Lines:
  {"id": "lab-0001", "subject": "QeLckoKnU43Cc5OJMjNAqw", "type": "pcr", "at": "2026-09-06T20:15:00Z", "fields": {"result": "negative"}}
  {"id": "lab-0002", "identifier": {"kind": "identity-card", "value": "..."}, "type": "pcr", "at": "...", "fields": {"result": "positive"}}
  {"id": "lab-0000", "subject": "QeLckoKnU43Cc5OJMjNAqw", "retract": true}

Exit code: 0 all is in, or a run before has finished it; 2 a second operator must let a batch in ("held", "admit"), or the burst guard holds decisions that follow
("bursts"); 65 a line is wrong or was refused: nothing of its batch is in; 130 interrupted.

Example:
  symbolon issuer intake CN-BJ tests.jsonl --scheme health --source lab --source-key lab.jwe --key wang.jwe`,
    )
    .action(async (regionId: string, path: string, options: Options) => {
      const desk = await openDesk(regionId, options);
      const { region } = desk.view;
      const passphraseFile = options.sourcePassphraseFile ?? options.passphraseFile;
      const signer = await signerAt(options.sourceKey, passphrases(passphraseFile));
      const reportable = reportableOf(desk, options, signer.kid);
      const read = (text: string) => readInputLine(text, reportable);
      const reading = rateLine('Reading lines');
      const survey = await givenBy('FILE', () =>
        surveyInput(path, read, (lines) => reading.update(lines, lines)),
      ).finally(reading.done);
      const { isInterrupted } = watchInterrupts();
      const sending = rateLine('Lines sent:');
      const result = await runIntake({
        path,
        region: regionId,
        survey,
        read,
        sender: {
          audience: region.issuer,
          source: options.source,
          scheme: options.scheme,
          sign: (claims) => signed('facts', claims, { audience: region.issuer, now: desk.now, signer }),
          post: (batch) => desk.post(BatchAnswer, '/facts', { batch }, 'facts'),
        },
        batch: options.batch,
        skipsUnknown: options.skipUnknown === true,
        clock: systemNow,
        isInterrupted,
        onState: ({ line }) => sending.update(line, survey.lastLine),
      })
        .catch((error: unknown) => {
          if (error instanceof Interrupted) note('Interrupted. The same command goes on where it was.');
          throw error;
        })
        .finally(sending.done);
      const { state, wasDone } = result;
      if (!wasDone && state.held.length + state.bursts.length > 0) setExitCode(EXIT.referred);
      printIntake(result, options.json === true);
    });
}
