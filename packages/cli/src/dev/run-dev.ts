import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolderError, openDataFolder } from '@symbolon/local/data-folder';
import { type LocalNetwork, startNetwork } from '@symbolon/local/network';
import { EXIT } from '../exit-code.ts';
import { heading, note, print } from '../output/terminal.ts';
import { playStory } from '../story/story.ts';
import { ensureBundles } from './bundles.ts';
import { watchInterrupts } from './interrupts.ts';
import { republishEvery } from './republish.ts';
import { watchRotation } from './rotation/watch-rotation.ts';

export interface DevOptions {
  readonly once?: boolean;
  readonly reset?: boolean;
  readonly port?: number;
  readonly data: string;
  readonly publishEvery: number;
  readonly verbose?: boolean;
  /** How many times faster than real time; the key rotation is shown in place of the story. */
  readonly speed?: number;
  readonly days: number;
}

/**
 * Starts the federation, plays the story, and stays until it is interrupted (or ends at once with `once`).
 *
 * @returns the exit code
 */
export async function runDev(options: DevOptions): Promise<number> {
  try {
    return await (options.speed === undefined ? run(options) : runFast(options, options.speed));
  } catch (error) {
    if (!(error instanceof DataFolderError)) throw error;
    note(error.message);
    return EXIT.refused;
  }
}

/** In a folder of its own, that goes with the run: its time is ahead of the world's, so nothing of it may be used afterwards. */
async function runFast({ days, verbose }: DevOptions, speed: number): Promise<number> {
  const { isInterrupted, interrupted } = watchInterrupts();
  const path = await mkdtemp(join(tmpdir(), 'symbolon-fast-'));
  try {
    const folder = await openDataFolder(path, false);
    const onLog = (place: string, line: string) => {
      if (verbose) note(`${place} ${line}`);
    };
    return await watchRotation({ folder, speed, days, onLog, isInterrupted, interrupted });
  } catch (error) {
    // What the same Ctrl-C ended beside this (the bundler, say) is no fault.
    if (isInterrupted()) return EXIT.interrupted;
    throw error;
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

async function run(options: DevOptions): Promise<number> {
  const folder = await openDataFolder(options.data, options.reset === true);
  try {
    const bundles = await ensureBundles();
    const onLog = (place: string, line: string) => {
      if (options.verbose) note(`${place} ${line}`);
    };
    const network = await startNetwork({ folder, port: options.port, bundles, onLog });
    // From here on an interrupt stops what runs, and keeps the data whole.
    const { interrupted } = watchInterrupts();
    try {
      const story = playStory(network, folder, print);
      const played = await Promise.race([story, interrupted.then(() => 'interrupted' as const)]);
      if (played === 'interrupted') {
        // What it was just asking for goes unanswered now, and that is no fault.
        story.catch(() => undefined);
        return EXIT.interrupted;
      }
      if (options.once) return played.succeeded ? EXIT.accepted : EXIT.refused;
      await network.rotateNow();
      await network.logNow();
      printAddresses(network, folder.path, played.enrolmentCode);
      const stopRepublishing = republishEvery(network, options.publishEvery, note);
      await interrupted;
      note('Stopping.');
      await stopRepublishing();
      return EXIT.accepted;
    } finally {
      await network.stop();
    }
  } finally {
    await folder.release();
  }
}

function printAddresses(network: LocalNetwork, folder: string, enrolmentCode: string): void {
  print(`\n${heading('The federation is up')} (data in ${folder}; Ctrl-C stops it, and the data stays)`);
  print(`  ${'registry'.padEnd(13)}  ${network.registryUrl}`);
  print(`  ${'verifier'.padEnd(13)}  ${network.verifierUrl}`);
  for (const { region, endpoint } of network.regions) print(`  ${region.padEnd(13)}  ${endpoint}`);
  print(`\nTry it from another terminal:`);
  print(`  npx symbolon trust init ${network.registryUrl} --sha256 ${network.root.sha256}`);
  print(`  npx symbolon registry status`);
  print(`  npx symbolon holder request CN-BJ --code ${enrolmentCode}`);
  print(`  npx symbolon holder show --png shown.png && npx symbolon verify shown.png --region CN-GD`);
  print(`  npx symbolon holder receipts`);
  print(`  npx symbolon audit`);
}
