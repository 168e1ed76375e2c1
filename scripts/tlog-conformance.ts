import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fileObjects } from '@symbolon/local/files/objects';
import { formatVerifierKey, NOTE_TYPE, parseVerifierKey } from '@symbolon/log/note-key';
import { tilePath } from '@symbolon/log/tile-paths';
import { instant } from '@symbolon/protocol/instant';
import { seededNoteSigner } from '../functions/testing/note-signers.ts';
import { startWitnesses } from '../functions/testing/witness-front.ts';
import { checkForeignLog, proofsOf } from '../test/conformance/tlog/foreign-log.ts';
import { listedWitness, makeLog, serveFiles } from '../test/conformance/tlog/served-log.ts';

/**
 * Lets tools that know nothing of Symbolon check its logs and its witness, over HTTP on loopback, and checks theirs: Go's golang.org/x/mod/sumdb,
 * transparency-dev/witness, and two programs of transparency-dev/tessera as they are published (fsck, posix-oneshot).
 *
 *   node scripts/tlog-conformance.ts [CHECKOUT of transparency-dev/tessera]
 *
 * It needs Go, which gets the modules from its proxy. Without a checkout, tessera is the version that TESSERA names.
 */
const TESSERA = 'v1.0.4';
const FOREIGN = fileURLToPath(new URL('../test/conformance/tlog/foreign', import.meta.url));

const [checkout] = process.argv.slice(2);
if (checkout !== undefined && !existsSync(join(checkout, 'cmd', 'fsck'))) {
  stop('This is no checkout of transparency-dev/tessera.');
}
if (spawnSync('go', ['version']).status !== 0) stop('Go is not installed here: https://go.dev/dl');

const folder = await mkdtemp(join(tmpdir(), 'symbolon-tlog-'));
const children: ChildProcess[] = [];
const stops: (() => Promise<void>)[] = [];
let checks = 0;
try {
  await main();
  console.log(`${checks} passed, 0 failed`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log(`${checks} passed, 1 failed, the rest did not run`);
  process.exitCode = 1;
} finally {
  for (const child of children) child.stdin?.end();
  for (const each of stops) await each();
  await rm(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const foreign = join(folder, 'foreign');
  await run('go', ['build', '-o', foreign, '.'], FOREIGN);
  const keys: ForeignKeys = JSON.parse(await run(foreign, ['keys']));
  const now = instant(Math.floor(Date.now() / 1000));

  const own = await seededNoteSigner('log.example/conformance', NOTE_TYPE.log);
  const logs = [own.key, parseVerifierKey(keys.log), parseVerifierKey(keys.tessera)];
  const front = await startWitnesses(['witness.example/one', 'witness.example/two'], 2, logs, now);
  stops.push(front.stop);
  const theirs = await startForeignWitness(foreign, formatVerifierKey(own.key));

  const of = [...front.witnesses.of, listedWitness(theirs.key, theirs.url)];
  const log = await makeLog(join(folder, 'log'), own, { threshold: of.length, of }, now);
  ok(
    `a log of ${log.checkpoint.size} leaves in ${log.sizes.length} rounds, each cosigned by two of ours and by transparency-dev/witness`,
  );

  const served = await serveFiles(log.store);
  stops.push(served.stop);
  const check = {
    url: served.url,
    key: formatVerifierKey(own.key),
    witnesses: log.trust.witnesses.map(formatVerifierKey),
    ...(await proofsOf(log)),
  };
  tell(await run(foreign, ['check'], undefined, check));
  await fsck(served.url, formatVerifierKey(own.key));
  await fsckOfDamaged(formatVerifierKey(own.key));

  const [one] = front.witnesses.of;
  if (one === undefined) throw new Error('no witness');
  const [witness] = log.trust.witnesses;
  tell(await run(foreign, ['ask'], undefined, { url: one.url, key: witness && formatVerifierKey(witness) }));
  await logOfTessera(
    keys,
    front.witnesses.of.map((each, i) => `witness w${i} ${check.witnesses[i]} ${each.url}`),
  );
}

interface ForeignKeys {
  readonly log: string;
  readonly tessera: string;
  readonly tesseraPrivate: string;
}

/** Every tile and entry from outside, by tessera's fsck. */
async function fsck(url: string, key: string, mustPass = true): Promise<void> {
  const file = join(folder, 'log.vkey');
  await writeFile(file, key);
  const flags = [`--storage_url=${url}/`, `--public_key=${file}`, '--ui=false', '--N=2'];
  // Some versions exit with 0 whatever they find, so what they say decides.
  const said = await tessera('fsck', flags).catch((error: unknown) => String(error));
  const passes = said.includes("Successfully fsck'd log") && !said.includes('fsck failed');
  if (passes !== mustPass) throw new Error(mustPass ? said : 'fsck did not see the damage');
  ok(
    mustPass
      ? 'tessera fsck: the whole log'
      : 'tessera fsck: fails on a log with one byte of one leaf changed',
  );
}

/** So that it is known to look. */
async function fsckOfDamaged(key: string): Promise<void> {
  const copy = join(folder, 'damaged');
  await cp(join(folder, 'log', 'public'), copy, { recursive: true });
  const bundle = join(copy, tilePath({ level: 'entries', index: 3, width: 256 }));
  const bytes = await readFile(bundle);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  await writeFile(bundle, bytes);
  const served = await serveFiles(fileObjects(pathToFileURL(`${copy}/`)));
  stops.push(served.stop);
  await fsck(served.url, key, false);
}

/** A log that tessera makes, cosigned by our witnesses, and read by our reader. */
async function logOfTessera(keys: ForeignKeys, witnesses: readonly string[]): Promise<void> {
  const place = join(folder, 'tessera');
  const entries = join(folder, 'entries');
  const policy = join(folder, 'policy');
  const key = join(folder, 'tessera.key');
  await writeFile(key, keys.tesseraPrivate);
  await writeFile(policy, [...witnesses, 'group both all w0 w1', 'quorum both', ''].join('\n'));
  const sizes = [3, 700];
  const store = fileObjects(pathToFileURL(`${entries}/`));
  for (const [round, count] of sizes.entries()) {
    for (let i = 0; i < count; i++) await writeEntry(store, `${round}/${i}`);
    await tessera('examples/posix-oneshot', [
      `--storage_dir=${place}`,
      `--entries=${entries}/${round}/*`,
      `--private_key=${key}`,
      `--witness_policy_file=${policy}`,
    ]);
  }
  const size = await checkForeignLog(
    fileObjects(pathToFileURL(`${place}/`)),
    keys.tessera,
    witnesses.map((line) => line.split(' ')[2] ?? ''),
  );
  if (size !== 703) throw new Error(`tessera's log has ${size} leaves`);
  ok(
    `a log of tessera with ${size} leaves in two rounds, cosigned by two witnesses of ours, read and checked by our reader`,
  );
}

function writeEntry(store: ReturnType<typeof fileObjects>, name: string): Promise<void> {
  return store.create(name, new TextEncoder().encode(`entry ${name}`));
}

async function startForeignWitness(foreign: string, key: string): Promise<{ url: string; key: string }> {
  const child = spawn(foreign, ['witness'], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  child.stdin.write(`${JSON.stringify({ key })}\n`);
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.includes('}')) break;
  }
  return JSON.parse(text);
}

function tessera(command: string, flags: readonly string[]): Promise<string> {
  return checkout === undefined
    ? run('go', ['run', `github.com/transparency-dev/tessera/cmd/${command}@${TESSERA}`, ...flags], folder)
    : run('go', ['run', `./cmd/${command}`, ...flags], resolve(checkout));
}

/** @param input goes to the program's standard input, as JSON */
function run(program: string, args: readonly string[], cwd?: string, input?: unknown): Promise<string> {
  return new Promise((done, fail) => {
    const options = { cwd, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(program, [...args], options, (error, stdout, stderr) =>
      error === null ? done(stdout + stderr) : fail(new Error(`${args[0]}: ${stdout}${stderr}`)),
    );
    child.stdin?.end(input === undefined ? '' : JSON.stringify(input));
  });
}

/** What a program said that passed, line by line. */
function tell(text: string): void {
  for (const [, what = ''] of text.matchAll(/^ok {2}(.+)$/gm)) ok(what);
}

function ok(what: string): void {
  checks++;
  console.log(`ok  ${what}`);
}

function stop(reason: string): never {
  console.error(reason);
  process.exit(2);
}
