import type { Command } from 'commander';
import { passphrases } from '../../custody/passphrase.ts';
import { signerAt } from '../../custody/signer-at.ts';
import { EXIT } from '../../exit-code.ts';
import { givenBy } from '../../files/file-fault.ts';
import { createFile, MODE } from '../../files/write-file.ts';
import { addRegionOptions, type RegionOptions } from '../../issuer/issuer-options.ts';
import { openRegion } from '../../issuer/open-region.ts';
import { reasonOption, ruleOptions } from '../../issuer/option-values.ts';
import { refuseOtherKeys, releaseLines, releaseView } from '../../issuer/release-view.ts';
import { signed } from '../../issuer/signed.ts';
import { confirm } from '../../output/ask-line.ts';
import { shellWord } from '../../output/shell-word.ts';
import { note, printJson } from '../../output/terminal.ts';
import { UsageError } from '../../usage-error.ts';
import { regionArgument } from '../region-argument.ts';

interface Options extends RegionOptions {
  readonly burst: string;
  readonly rules: readonly string[];
  readonly reason: string;
  readonly key: string;
  readonly passphraseFile?: string;
  readonly out: string;
  readonly yes?: boolean;
}

/** `symbolon issuer release-statement` */
export function releaseStatementCommand(parent: Command, setExitCode: (code: number) => void): void {
  addRegionOptions(parent.command('release-statement'))
    .argument('<region>', 'the region that is held', regionArgument)
    .summary('an overseer signs that an outbreak is a true one')
    .description(
      'Shows what is held and which rules would go on, by the signed registry, asks, and writes a statement signed with your key. It takes two overseers of the federation, or of ' +
        'the region above, and none of them may belong to the region: another key is refused. It is sent with "release", within a day.',
    )
    .requiredOption('--burst <id>', 'what is held: see "bursts"')
    .requiredOption(
      '--rules <rule...>',
      'the rule versions to release: they are not guarded again',
      ruleOptions,
    )
    .requiredOption('--reason <words>', 'why; it is signed and kept', reasonOption)
    .requiredOption('--key <address>', 'your key: a .jwe file, or awskms:///KEY')
    .option('--passphrase-file <file>', 'where no terminal is: a file that only you can read')
    .requiredOption('--out <file>', 'where to write the statement')
    .option('--yes', 'do not ask: you have looked at it')
    .addHelpText(
      'after',
      '\nExit code: 0 signed, 1 you said no.\n\nExample:\n  symbolon issuer release-statement CN-BJ --burst health/rule:close-contact-7d@1/497000 --rules close-contact-7d@1 \\\n' +
        '    --reason "confirmed outbreak" --key chen.jwe --out chen.release',
    )
    .action(async (region: string, options: Options) => {
      const { burst, rules, reason, key, out, yes = false } = options;
      if (!yes && !process.stdin.isTTY)
        throw new UsageError(
          'There is no terminal to ask on: look with "symbolon issuer bursts", and add --yes.',
        );
      const known = await openRegion(region, options);
      const seen = releaseView(known, burst, rules);
      const signer = await signerAt(key, passphrases(options.passphraseFile));
      refuseOtherKeys(known, signer.kid);
      for (const line of releaseLines(known, seen, reason)) note(line);
      if (!yes && !(await confirm('\nIs this a true outbreak, and do you sign it?'))) {
        note('Nothing was signed.');
        return setExitCode(EXIT.refused);
      }
      const order = { audience: known.view.region.issuer, now: known.now, signer };
      const statement = await signed('release', { burst, rules, reason }, order);
      await givenBy('--out', () => createFile(out, `${statement}\n`, MODE.open));
      if (options.json) return printJson({ file: out, kid: signer.kid });
      note(
        `Signed by ${signer.kid}, in ${shellWord(out)}. With the other overseer's: symbolon issuer release`,
      );
    });
}
