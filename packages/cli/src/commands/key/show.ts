import type { Command } from 'commander';
import { describeKey } from '../../custody/describe-key.ts';
import { passphrases } from '../../custody/passphrase.ts';
import { publicKeyAt } from '../../custody/public-key-at.ts';
import { printJson } from '../../output/terminal.ts';
import { printKey } from './print-key.ts';

/** `symbolon key show`: what everyone may know of a key. */
export function keyShowCommand(parent: Command): void {
  parent
    .command('show')
    .argument(
      '<key>',
      'NAME.pub.json, NAME.jwe (asks for its passphrase, so it also tries it), or awskms:///KEY',
    )
    .summary('kid, algorithm and thumbprint of a key')
    .description(
      'Shows what everyone may know of a key. The thumbprint is what people read out to each other before a key is trusted.',
    )
    .option('--passphrase-file <file>', 'where no terminal is: a file that only you can read')
    .option('--json', 'the public key too, for machines')
    .addHelpText('after', '\nExample:\n  symbolon key show wang.pub.json')
    .action(async (address: string, options: { passphraseFile?: string; json?: boolean }) => {
      const key = describeKey(await publicKeyAt(address, passphrases(options.passphraseFile)));
      if (options.json) printJson(key);
      else printKey(key);
    });
}
