import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { addHours, hourFloor, instant } from '@symbolon/protocol/instant';
import type { Leaf } from '@symbolon/protocol/schemas/leaf';
import { type AuditWorld, auditWorld, CLEAR, decision, POSITIVE } from '../../support/audit-world.ts';
import { writeFiles } from './temporary-folder.ts';

const LAUNCHER = fileURLToPath(new URL('../../../packages/cli/bin/symbolon.js', import.meta.url));
/** A multiple of a tile's width: no partial tiles in between. */
const ROUND = 16_384;
/** Ten days. */
export const HOURS = 240;

/** What one run of the command took: the whole process, from its start to its end. */
export interface AuditCost {
  readonly seconds: number;
  readonly peakMegabytes: number;
  /** Leaves that it read. */
  readonly read: number;
}

export interface AuditedLog {
  readonly world: AuditWorld;
  /** Adds decisions of the last so many hours, and writes what is new. */
  grow(count: number, hours: number): Promise<void>;
  /** Runs `symbolon audit` on it: with the state of the last run, or with none. */
  audit(state: string): Promise<AuditCost>;
}

/** A log of a region in a folder, as large as it is to be, by the real sequencer. */
export async function auditedLog(folder: string): Promise<AuditedLog> {
  const now = hourFloor(instant(Math.floor(Date.now() / 1000)));
  const founded = addHours(now, -HOURS - 48);
  const world = await auditWorld({
    founded,
    burst: { perHour: 100_000, perDay: 1_000_000, perWeek: 1_000_000 },
  });
  await world.logPublications(now);
  const { store, place } = world.decisions;
  const at = (origin: string) => join(folder, 'logs', ...origin.split('/'));
  await writeFiles(join(folder, 'registry'), world.fixture.files);
  await writeFiles(at(world.registry.place.origin), world.registry.store.files);
  await writeFile(join(folder, 'root.json'), world.fixture.pinnedRoot);
  const watch = join(folder, 'watch.mjs');
  await writeFile(watch, WATCH);
  let made = 0;
  const written = new Set<string>();
  /** Tiles and bundles never change. */
  const writeNew = async () => {
    const fresh = [...store.files].filter(([path]) => !written.has(path));
    await writeFiles(at(place.origin), new Map(fresh));
    for (const [path] of fresh) if (path.startsWith('tile/')) written.add(path);
  };
  return {
    world,
    grow: async (count, hours) => {
      for (let rest = count; rest > 0; rest -= ROUND) {
        const leaves = Array.from({ length: Math.min(ROUND, rest) }, (): Leaf => {
          const hour = addHours(now, -(made % hours));
          return decision(hour, made, made++ % 49 === 0 ? POSITIVE : CLEAR);
        });
        await world.decisions.add(leaves);
        await writeNew();
        // They are in the folder, and are not needed here: the sequencer reads its last, partial bundle only.
        for (const path of store.files.keys()) if (isFullBundle(path)) store.files.delete(path);
      }
      await world.decisions.witness(now);
      await writeNew();
    },
    audit: async (state) => {
      const args = ['audit', join(folder, 'registry'), '--logs', join(folder, 'logs')];
      const options = ['--root', join(folder, 'root.json'), '--state', join(folder, state), '--json'];
      const told = join(folder, 'told.json');
      const began = performance.now();
      const child = spawn(
        process.execPath,
        ['--import', pathToFileURL(watch).href, LAUNCHER, ...args, ...options],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
          env: { PATH: process.env['PATH'], HOME: folder, TOLD: told },
        },
      );
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
      const [code] = await once(child, 'close');
      const seconds = (performance.now() - began) / 1000;
      if (code !== 0) throw new Error('audit: the work was not done as it must be.');
      const { logs } = JSON.parse(output);
      const { kilobytes } = JSON.parse(await readFile(told, 'utf8'));
      return { seconds, peakMegabytes: kilobytes / 1024, read: logs[1].read };
    },
  };
}

/** Tells the most memory that the process ever had. */
const WATCH = `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(process.env.TOLD, JSON.stringify({ kilobytes: process.resourceUsage().maxRSS })));
`;

function isFullBundle(path: string): boolean {
  return path.startsWith('tile/entries/') && !path.includes('.p/');
}
