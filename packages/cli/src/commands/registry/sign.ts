import { signEvent } from '@symbolon/registry/ceremony/event/sign-event';
import type { Command } from 'commander';
import { isPublishedAlready } from '../../ceremony/check-proposal.ts';
import { addToEventFolder, readEventFolder } from '../../ceremony/event-folder.ts';
import { printDiff, printSignatures } from '../../ceremony/print-event.ts';
import { openPublished } from '../../ceremony/published.ts';
import { ceremonyNow } from '../../clock.ts';
import { passphrases } from '../../custody/passphrase.ts';
import { signersAt } from '../../custody/signer-at.ts';
import { EXIT } from '../../exit-code.ts';
import { confirm } from '../../output/ask-line.ts';
import { note } from '../../output/terminal.ts';
import { addRegistryOptions, type RegistryOptions } from '../../registry/registry-options.ts';
import { UsageError } from '../../usage-error.ts';

interface Options extends RegistryOptions {
  readonly key: string[];
  readonly passphraseFile?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `symbolon registry sign`: an admin looks at an event, and signs what the key may sign. */
export function signCommand(parent: Command, setExitCode: (code: number) => void): void {
  addRegistryOptions(parent.command('sign'))
    .argument('<event>', 'the folder of the signing event')
    .summary('look at an event, and sign it')
    .description(
      'Shows what the event does to what is published, asks, and adds the signatures of your keys to the folder. Copies of a folder that several people ' +
        'signed are merged by copying their files together.',
    )
    .requiredOption('--key <key...>', 'NAME.jwe, or awskms:///KEY')
    .option('--passphrase-file <file>', 'where no terminal is: a file that only you can read')
    .option('--yes', 'do not ask: you have looked at the diff')
    .option('--dry-run', 'show what would be signed, and sign nothing')
    .option('--json', 'for machines')
    .addHelpText('after', '\nExample:\n  symbolon registry sign henan --key wang.jwe')
    .action(async (folder: string, options: Options) => {
      const now = ceremonyNow();
      const event = await readEventFolder(folder);
      const { place, published } = await openPublished(options, event, now);
      const json = options.json === true;
      if (await isPublishedAlready(event, published, now)) {
        return note('This event was published already: there is nothing left to sign.');
      }
      if (!json) printDiff(event, published);
      if (options.dryRun) return printSignatures({ event, published, folder, place, json });
      if (!options.yes && !(await isAgreed())) {
        note('Nothing was signed.');
        return setExitCode(EXIT.refused);
      }
      const signers = await signersAt(options.key, passphrases(options.passphraseFile));
      const signed = await signEvent(event, published, signers);
      await addToEventFolder(folder, event, signed);
      await printSignatures({ event: signed, published, folder, place, json });
    });
}

function isAgreed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new UsageError('There is no terminal to ask on: look at "symbolon registry diff", and add --yes.');
  }
  return confirm('\nIs this what was agreed, and do you sign it?');
}
