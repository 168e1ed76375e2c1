import { DataFolderError, openDataFolder } from '@symbolon/local/data-folder';
import { DEFAULT_PORT, type LocalNetwork, startNetwork } from '@symbolon/local/network';
import type { Command } from 'commander';
import { ensureBundles } from '../dev/bundles.ts';
import { republishEvery } from '../dev/republish.ts';
import { EXIT } from '../exit-code.ts';
import { heading, note, print } from '../output/terminal.ts';
import { playStory } from '../story/story.ts';
import { count } from './arguments.ts';

interface Options {
  readonly once?: boolean;
  readonly reset?: boolean;
  readonly port?: number;
  readonly data: string;
  readonly verbose?: boolean;
}

/** `symbolon dev`: what `npm start` runs. */
export function devCommand(program: Command, setExitCode: (code: number) => void): void {
  program
    .command('dev')
    .summary('run a federation of three regions on this machine')
    .description(
      'Runs a key registry and the regions CN-BJ, CN-GD and CN-HA on this machine, and plays the main story.',
    )
    .option('--once', 'play the story and exit: 0 when everything went as it must, else 1')
    .option('--reset', 'throw the data away and start afresh')
    .option(
      '--port <number>',
      `the port (${DEFAULT_PORT} at the first start; later the one that it was made for)`,
      count(65_535),
    )
    .option('--data <folder>', 'where everything is kept', '.symbolon')
    .option('--verbose', 'print what the functions log')
    .addHelpText(
      'after',
      '\nExamples:\n  symbolon dev\n  symbolon dev --once --data /tmp/federation --port 9000',
    )
    .action(async (options: Options) => {
      try {
        await run(options, setExitCode);
      } catch (error) {
        if (!(error instanceof DataFolderError)) throw error;
        note(error.message);
        setExitCode(EXIT.refused);
      }
    });
}

async function run(options: Options, setExitCode: (code: number) => void): Promise<void> {
  const bundles = await ensureBundles();
  const folder = await openDataFolder(options.data, options.reset === true);
  try {
    const onLog = (place: string, line: string) => {
      if (options.verbose) note(`${place} ${line}`);
    };
    const network = await startNetwork({ folder, port: options.port, bundles, onLog });
    // From here on an interrupt stops what runs, and keeps the data whole.
    const interrupted = new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
    try {
      const story = playStory(network, folder, print);
      const played = await Promise.race([story, interrupted.then(() => 'interrupted' as const)]);
      if (played === 'interrupted') return setExitCode(130);
      setExitCode(played ? EXIT.accepted : EXIT.refused);
      if (options.once) return;
      printAddresses(network, folder.path);
      const stopRepublishing = republishEvery(network, note);
      await interrupted;
      note('Stopping.');
      await stopRepublishing();
      setExitCode(EXIT.accepted);
    } finally {
      await network.stop();
    }
  } finally {
    await folder.release();
  }
}

function printAddresses(network: LocalNetwork, folder: string): void {
  print(`\n${heading('The federation is up')} (data in ${folder}; Ctrl-C stops it, and the data stays)`);
  print(`  registry  ${network.registryUrl}`);
  for (const { region, endpoint } of network.regions) print(`  ${region}     ${endpoint}`);
  print(`\nTry it from another terminal:`);
  print(`  npx symbolon trust init ${network.registryUrl} --sha256 ${network.root.sha256}`);
  print(`  npx symbolon registry status`);
}
