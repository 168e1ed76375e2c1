import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleFolder } from '@symbolon/functions/bundle';
import { openDataFolder } from '@symbolon/local/data-folder';
import { type LocalNetwork, startNetwork } from '@symbolon/local/network';
import { addSeconds, formatInstant, type Instant } from '@symbolon/protocol/instant';
import { expect } from 'vitest';
import * as z from 'zod/mini';
import { type CliOptions, type CliResult, runCli, temporaryFolder } from './cli.ts';

const MOVED_CLOCK = new URL('./moved-clock.ts', import.meta.url);

/** The local network in a time of its own, and the command on machines of the same time. */
export interface StoryNetwork {
  readonly network: LocalNetwork;
  /** Of the network's folder, which has everyone's keys. */
  readonly folder: string;
  now(): Instant;
  moveTo(at: Instant): void;
  pass(seconds: number): void;
  /** What the functions have logged of this kind, with where they run. */
  told(event: string): readonly { readonly place: string; readonly line: object }[];
  /** A path for a file of this story. */
  file(name: string): string;
  run(args: readonly string[], options?: Omit<CliOptions, 'home'>): Promise<CliResult>;
  /** The same of a command that must go well, or end as it is told to. @returns its JSON */
  ask<T extends z.core.$ZodType>(
    schema: T,
    args: readonly string[],
    options?: Omit<CliOptions, 'home'> & { readonly exit?: number },
  ): Promise<z.output<T>>;
  stop(): Promise<void>;
}

export async function startStoryNetwork(began: Instant): Promise<StoryNetwork> {
  const home = await temporaryFolder();
  const path = join(home.path, 'federation');
  const folder = await openDataFolder(path, false);
  const lines: { place: string; line: object & { event?: unknown } }[] = [];
  let now = began;
  const network = await startNetwork({
    folder,
    port: 0,
    bundles: pathToFileURL(join(bundleFolder('witness'), '..', '/')),
    onLog: (place, line) => lines.push({ place, line: JSON.parse(line) }),
    clock: () => now,
    // Nobody here goes to a gate with an old bundle.
    listAheadHours: 2,
    schemes: ['health'],
  });
  const run: StoryNetwork['run'] = (args, options = {}) =>
    runCli(args, {
      ...options,
      home: home.path,
      environment: {
        SYMBOLON_TOKEN_ENDPOINT: network.tokenEndpoint,
        NODE_OPTIONS: `--import=${MOVED_CLOCK.href}`,
        MOVED_CLOCK: formatInstant(now),
        ...options.environment,
      },
    });
  return {
    network,
    folder: path,
    now: () => now,
    moveTo: (at) => {
      expect(at).toBeGreaterThanOrEqual(now);
      now = at;
    },
    pass: (seconds) => {
      now = addSeconds(now, seconds);
    },
    told: (event) => lines.filter(({ line }) => line.event === event),
    file: (name) => join(home.path, name),
    run,
    ask: async (schema, args, { exit = 0, ...options } = {}) => {
      const { code, stdout, stderr } = await run([...args, '--json'], options);
      expect([code, code === exit ? '' : stderr]).toEqual([exit, '']);
      return z.parse(schema, JSON.parse(stdout));
    },
    stop: async () => {
      await network.stop();
      await folder.release();
      await home.remove();
    },
  };
}
