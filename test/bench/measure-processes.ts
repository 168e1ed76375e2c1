import { spawn } from 'node:child_process';
import { type RaceResult, resultOf, type Settings } from './measure.ts';

/**
 * The same for programs, each in a fresh process: interleaved, and who goes first changes. A program says on standard output how many microseconds of CPU time
 * it has taken since its process was created, of all threads; whatever comes after that is not counted.
 *
 * @param programs what Node is to run, each with its arguments
 */
export async function raceProcesses<Name extends string>(
  name: string,
  programs: ReadonlyMap<Name, readonly string[]>,
  settings: Settings,
): Promise<RaceResult<Name>> {
  const all = [...programs];
  const times = new Map<string, number[]>(all.map(([program]) => [program, []]));
  // One before: files are in memory then.
  for (let round = -1; round < settings.rounds; round++) {
    settings.progress(name, Math.max(0, round), settings.rounds);
    const first = (round + 1) % all.length;
    for (const [program, args] of [...all.slice(first), ...all.slice(0, first)]) {
      const time = await cpuMicroseconds(name, args);
      if (round >= 0) times.get(program)?.push(time);
    }
  }
  return resultOf(times);
}

function cpuMicroseconds(name: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    // Without what this process was told: a cache of compiled code, say.
    const child = spawn(process.execPath, args, { env: {}, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      const time = Number(output);
      if (code === 0 && time > 0) resolve(time);
      else reject(new Error(`${name}: the work was not done as it must be.`));
    });
  });
}
