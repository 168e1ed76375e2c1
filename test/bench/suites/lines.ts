import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import { addSeconds, formatInstant } from '@symbolon/protocol/instant';
import { seededSigner } from '../../support/federation-fixture.ts';
import { bundleOf, foundFederation, GATE, NOW } from '../../support/verifier-federation.ts';
import { bind, CLAIMS, mint } from '../../support/verifier-showings.ts';
import type { Figures } from '../figure.ts';
import { type Settings, sampleOf } from '../measure.ts';
import { inTemporaryFolder } from '../workload/temporary-folder.ts';

const LAUNCHER = fileURLToPath(new URL('../../../packages/cli/bin/symbolon.js', import.meta.url));

/** About 16 s on one core: starting takes half a second, a twentieth of what two cores need. */
const LINES = 100_000;
/** As long as one credential can show another second: its validity is a day. */
const LINES_A_HOLDER = 50_000;
/** A round takes as long as a suite of others. */
const FEWER_ROUNDS = 4;
/** More cores than that are busy while one thread works: someone else is using the machine, and two threads would not get both. */
const QUIET_CORES = 1.4;
const LONGEST_SECONDS = 300;

interface Round {
  readonly ratio: number;
  readonly quiet: boolean;
}

/**
 * `symbolon verify --lines` on two threads over one: the time of the whole command by the clock, from its start to its end, all of its output written. Rounds in
 * which others used the machine count only when there are no three without them, and that is said.
 */
export async function figures(settings: Settings): Promise<Figures> {
  if (availableParallelism() < 2) {
    process.stderr.write('verify.twoCores is not measured: there is one core only.\n');
    return {};
  }
  const wanted = Math.max(3, Math.ceil(settings.rounds / FEWER_ROUNDS));
  return inTemporaryFolder(async (folder) => {
    await writeGate(folder, settings.operations ?? LINES);
    const rounds: Round[] = [];
    const quiet = () => rounds.filter((round) => round.quiet);
    const began = performance.now();
    const isLate = () => rounds.length >= 3 && performance.now() - began > 1000 * LONGEST_SECONDS;
    while (quiet().length < wanted && rounds.length < 2 * wanted && !isLate()) {
      settings.progress('verify.twoCores', quiet().length, wanted);
      rounds.push(await measure(folder, rounds.length % 2 === 0));
    }
    const counted = quiet().length >= 3 ? quiet() : rounds;
    if (counted === rounds && quiet().length < rounds.length)
      process.stderr.write('verify.twoCores: others were using the machine, so the figure is too low.\n');
    const { min, median, max } = sampleOf(counted.map(({ ratio }) => ratio));
    const form = { unit: 'x one core', better: 'higher', must: 1.6, aim: 1.9 } as const;
    return { 'verify.twoCores': { value: median, spread: { min, max }, ...form } };
  });
}

/** Whoever uses the machine besides does so in both; who goes first changes. */
async function measure(folder: string, oneFirst: boolean): Promise<Round> {
  const before = oneFirst ? undefined : await run(folder, 2);
  const one = await run(folder, 1);
  const two = before ?? (await run(folder, 2));
  return { ratio: one.seconds / two.seconds, quiet: one.busyCores < QUIET_CORES };
}

async function writeGate(folder: string, count: number): Promise<void> {
  const fixture = await foundFederation();
  await writeFile(join(folder, 'trust.bundle'), await bundleOf(fixture));
  await writeFile(join(folder, 'root.json'), fixture.pinnedRoot);
  await writeFile(join(folder, 'gate.json'), JSON.stringify(GATE));
  const out = createWriteStream(join(folder, 'lines.jsonl'));
  for (let made = 0; made < count; ) {
    const holder = await seededSigner(`lines holder ${made}`);
    const claims = { ...CLAIMS, holderKey: holder.publicJwk };
    const credential = discloseSdJwt(await mint(fixture, { claims, seed: `lines ${made}` }), []);
    for (let second = 0; second < LINES_A_HOLDER && made < count; second++, made++) {
      const at = addSeconds(NOW, second);
      const presentation = await bind(credential, { holder, at });
      if (!out.write(`${JSON.stringify({ at: formatInstant(at), presentation })}\n`))
        await once(out, 'drain');
    }
  }
  out.end();
  await once(out, 'close');
}

async function run(folder: string, jobs: number): Promise<{ seconds: number; busyCores: number }> {
  const file = (name: string) => join(folder, name);
  const trust = ['--trust', file('trust.bundle'), '--root', file('root.json'), '--policy', file('gate.json')];
  const args = [
    LAUNCHER,
    'verify',
    '--lines',
    file('lines.jsonl'),
    '--line-times',
    ...trust,
    '--jobs',
    String(jobs),
  ];
  const began = performance.now();
  const busyBefore = busyMilliseconds();
  const child = spawn(process.execPath, args, {
    stdio: 'ignore',
    env: { ...process.env, SYMBOLON_STATE: file('state') },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('verify.twoCores: the work was not done as it must be.');
  const milliseconds = performance.now() - began;
  return { seconds: milliseconds / 1000, busyCores: (busyMilliseconds() - busyBefore) / milliseconds };
}

/** Of all cores together, whoever used them. */
function busyMilliseconds(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}
