import type { Command } from 'commander';
import { isPublishedAlready } from '../../ceremony/check-proposal.ts';
import { readEventFolder } from '../../ceremony/event-folder.ts';
import { tellPart, whoMustSign } from '../../ceremony/print-event.ts';
import { type PublishOptions, publishByFunction, publishHere } from '../../ceremony/publish-where.ts';
import { type EventRegistry, openPublished } from '../../ceremony/published.ts';
import { ceremonyNow, isTestClock } from '../../clock.ts';
import { EXIT } from '../../exit-code.ts';
import { shellWord } from '../../output/shell-word.ts';
import { note, print, printJson } from '../../output/terminal.ts';
import { addRegistryOptions } from '../../registry/registry-options.ts';
import { UsageError } from '../../usage-error.ts';
import { repositoryUrl } from '../arguments.ts';

interface Options extends PublishOptions {
  readonly publishUrl?: string;
}

/** `symbolon registry publish`: what enough admins signed becomes what everybody reads. */
export function publishCommand(parent: Command, setExitCode: (code: number) => void): void {
  addRegistryOptions(parent.command('publish'))
    .argument('<event>', 'the folder of the signing event')
    .summary('publish an event that enough admins have signed')
    .description(
      'Checks everything once more, signs snapshot and timestamp, and publishes: readers see the old registry or the new one, whole. Run it again when it ' +
        'breaks off; an event that is published already stays as it is.',
    )
    .option('--online-key <key...>', 'NAME.jwe or awskms:///KEY: what signs snapshot and timestamp')
    .option(
      '--publish-url <url>',
      'or the function registry-publish of the registry, which has those keys',
      repositoryUrl,
    )
    .option('--passphrase-file <file>', 'where no terminal is: a file that only you can read')
    .option('--dry-run', 'do everything but write')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      `
Exit code: 0 published (also when it was before), 2 more admins must sign, 1 refused; others: it could not be tried.

Examples:
  symbolon registry publish henan --registry s3://registry/ --online-key awskms:///alias/registry
  symbolon registry publish henan --publish-url https://publish.registry.example`,
    )
    .action(async (folder: string, options: Options) => {
      const now = ceremonyNow();
      const event = await readEventFolder(folder);
      const opened = await openPublished(options, event, now);
      refuseTestClock(opened, options);
      const json = options.json === true;
      if (await isPublishedAlready(event, opened.published, now)) {
        const version = opened.published?.base?.view.version;
        if (json) return printJson({ published: false, version });
        return print(`This event was published already; the registry has version ${version}.`);
      }
      await tellPart(event, opened.published);
      const unsigned = await whoMustSign(event, opened.published);
      if (unsigned.length > 0) {
        for (const line of unsigned) note(line);
        note(
          `Not published: it needs more signatures. Next: symbolon registry sign ${shellWord(folder)} --key NAME.jwe`,
        );
        return setExitCode(EXIT.referred);
      }
      if (options.publishUrl === undefined) return publishHere(event, opened, options, now);
      await publishByFunction(event, opened, { ...options, publishUrl: options.publishUrl });
    });
}

/** What is signed under a wrong clock is signed for good: nothing of it reaches others. */
function refuseTestClock({ place }: EventRegistry, { publishUrl }: Options): void {
  if (isTestClock() && (place?.isShared || publishUrl !== undefined)) {
    throw new UsageError(
      'SYMBOLON_TEST_CLOCK is for tests on folders: unset it to publish where others read.',
    );
  }
}
