import { SymbolonError } from '@symbolon/protocol/errors';
import { LANGUAGES, type Language } from '@symbolon/verifier/texts';
import { type Command, Option } from 'commander';
import { exitCodeOf } from '../exit-code.ts';
import { print, printJson } from '../output/terminal.ts';
import { isUnreadable } from '../verify/verdict-kind.ts';
import { FILES, type VerdictOptions, withVerdictOptions } from './verify-options.ts';

interface Options extends VerdictOptions {
  readonly lang: Language;
}

/** `symbolon explain`: every step of one verdict, in words. */
export function explainCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('explain')
    .argument('<file...>', FILES)
    .summary('check a presentation offline and tell every step')
    .description(
      'Gives the verdict of "symbolon verify", and tells of each of its steps what was checked, by which published facts, and what was found.',
    );
  withVerdictOptions(command)
    .addOption(new Option('--lang <language>', 'the language of the words').choices(LANGUAGES).default('en'))
    .option('--json', 'print the verdict and its steps as one JSON object')
    .addHelpText(
      'after',
      `
Of what is not authentic nothing is told but the reason.

Exit code: as "symbolon verify".

Examples:
  symbolon explain shown.png --policy gate.json
  symbolon explain health.png test.png --venue gate-7.png --lang zh`,
    )
    .action(async (files: readonly string[], options: Options) => {
      // Loaded only here: a gate that verifies needs none of it.
      const { verifyFiles } = await import('../verify/verify-files.ts');
      const { explainVerdict } = await import('../verify/explain/explain.ts');
      const { explainJson, explainText } = await import('../verify/explain/explain-text.ts');
      const showing = await verifyFiles(files, options);
      const steps = await explainVerdict(showing, options.lang);
      if (options.json) printJson(explainJson(steps, showing.verdict));
      else print(explainText(steps, showing.verdict, options.lang));
      if (isUnreadable(showing.verdict, files.length)) throw new SymbolonError('presentation-unrecognised');
      setExitCode(exitCodeOf(showing.verdict));
    });
}
