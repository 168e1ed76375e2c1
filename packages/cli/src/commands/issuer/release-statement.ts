import type { Command } from 'commander';
import { passphrases } from '../../custody/passphrase.ts';
import { signerAt } from '../../custody/signer-at.ts';
import { givenBy } from '../../files/file-fault.ts';
import { createFile, MODE } from '../../files/write-file.ts';
import { addRegionOptions, type RegionOptions } from '../../issuer/issuer-options.ts';
import { openRegion } from '../../issuer/open-region.ts';
import { signed } from '../../issuer/signed.ts';
import { reasonOption, ruleOptions } from '../../issuer/words.ts';
import { shellWord } from '../../output/shell-word.ts';
import { note, printJson } from '../../output/terminal.ts';
import { regionArgument } from '../region-argument.ts';

interface Options extends RegionOptions {
  readonly burst: string;
  readonly rules: readonly string[];
  readonly reason: string;
  readonly key: string;
  readonly passphraseFile?: string;
  readonly out: string;
}

/** `symbolon issuer release-statement` */
export function releaseStatementCommand(parent: Command): void {
  addRegionOptions(parent.command('release-statement'))
    .argument('<region>', 'the region that is held', regionArgument)
    .summary('an overseer signs that an outbreak is a true one')
    .description(
      'Writes a statement, signed with your key, that these rules may go on. It takes two overseers of the federation, or of the region above, and none of them may belong ' +
        'to the region. It is sent with "release", within a day.',
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
    .addHelpText(
      'after',
      '\nExample:\n  symbolon issuer release-statement CN-BJ --burst health/rule:close-contact-7d@1/497000 --rules close-contact-7d@1 \\\n' +
        '    --reason "confirmed outbreak" --key chen.jwe --out chen.release',
    )
    .action(async (region: string, options: Options) => {
      const { burst, rules, reason, key, out } = options;
      const { view, now } = await openRegion(region, options);
      const signer = await signerAt(key, passphrases(options.passphraseFile));
      const order = { audience: view.region.issuer, now, signer };
      const statement = await signed('release', { burst, rules, reason }, order);
      await givenBy('--out', () => createFile(out, `${statement}\n`, MODE.open));
      if (options.json) return printJson({ file: out, kid: signer.kid });
      note(
        `Signed by ${signer.kid}, in ${shellWord(out)}. With the other overseer's: symbolon issuer release`,
      );
    });
}
