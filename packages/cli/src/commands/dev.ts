import type { Command } from 'commander';
import type { DevOptions } from '../dev/run-dev.ts';
import { count } from './arguments.ts';

/** `symbolon dev`: what `npm start` runs. */
export function devCommand(program: Command, setExitCode: (code: number) => void): void {
  program
    .command('dev')
    .summary('run a federation of three provinces and a district on this machine')
    .description(
      'Runs a key registry, the regions CN-BJ, CN-GD and CN-HA, and CN-BJ.haidian, which CN-BJ delegates, on this machine, and plays the main story.',
    )
    .option('--once', 'play the story and exit: 0 when everything went as it must, else 1')
    .option('--reset', 'throw the data away and start afresh')
    .option(
      '--port <number>',
      'the port (8765 at the first start; later the one that it was made for)',
      count(65_535),
    )
    .option('--data <folder>', 'where everything is kept', '.symbolon')
    .option(
      '--publish-every <seconds>',
      'how often lists, timestamp and bundle are published',
      count(3600),
      60,
    )
    .option(
      '--speed <times>',
      'instead of the story, watch the keys rotate on a clock so many times as fast (in a folder that goes with the run)',
      count(1_000_000),
    )
    .option('--days <number>', 'with --speed: how many days to watch', count(366), 8)
    .option('--verbose', 'print what the functions log')
    .addHelpText(
      'after',
      '\nExamples:\n  symbolon dev\n  symbolon dev --once --data /tmp/federation --port 9000\n  symbolon dev --speed 10000                 a week in a few minutes',
    )
    .action(async (options: DevOptions) => {
      // Loaded only here: every other command starts without a database and a cloud's SDK.
      const { runDev } = await import('../dev/run-dev.ts');
      setExitCode(await runDev(options));
    });
}
