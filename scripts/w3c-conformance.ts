import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createIssuer } from '../test/conformance/vc-api/issuers.ts';
import { startServer } from '../test/conformance/vc-api/server.ts';
import {
  configOf,
  isGood,
  type Outcome,
  outcomeOf,
  SUITES,
  type Suite,
} from '../test/conformance/vc-api/suites.ts';

/**
 * Runs W3C's public test suites against the conformance server, which it starts on a free port.
 *
 *   node scripts/w3c-conformance.ts PATH
 *
 * PATH holds a checkout of each suite under the name of its repository, with what it needs installed (`npm install`). The file
 * `localConfig.cjs` in each checkout is written anew. The suites run on $SUITE_NODE, else on the Node of the machine: the eddsa suite clones
 * an object with a URL, which Node 22 and later refuse, so it wants 20.
 */
const MOCHA = join('node_modules', 'mocha', 'bin', 'mocha.js');
const OWN_NODE = fileURLToPath(new URL('../node_modules', import.meta.url));

const [path] = process.argv.slice(2);
if (path === undefined) stop('Give the path of a folder with the suites.');
const missing = SUITES.filter(({ name }) => !existsSync(join(path, name, MOCHA)));
if (missing.length > 0) stop(`Not there, or not installed: ${missing.map(({ name }) => name).join(', ')}`);

const node = nodeOfSuites();
const reports = await mkdtemp(join(tmpdir(), 'symbolon-w3c-'));
const server = await startServer(0);
const totals = { passed: 0, failed: 0, pending: 0 };
try {
  const certificate = join(reports, 'certificate.pem');
  await writeFile(certificate, server.cert);
  for (const suite of SUITES) {
    const outcome = await run(suite, resolve(path, suite.name), certificate);
    print(suite, outcome);
    if (!isGood(outcome)) process.exitCode = 1;
    totals.passed += outcome.passed;
    totals.failed += outcome.failed;
    totals.pending += outcome.pending;
  }
} finally {
  await server.stop();
  await rm(reports, { recursive: true });
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.pending} pending`);

/** In a process of its own, that trusts the server's certificate beside the usual ones. */
async function run(suite: Suite, folder: string, certificate: string): Promise<Outcome> {
  const { did } = await createIssuer(suite.issuer);
  await writeFile(join(folder, 'localConfig.cjs'), configOf(suite, server.url, did));
  const report = join(reports, `${suite.name}.json`);
  const reporter = ['--reporter', 'json', '--reporter-option', `output=${report}`];
  const child = spawn(
    node,
    [join(folder, MOCHA), 'tests/', ...reporter, '--timeout', '15000', '--preserve-symlinks'],
    {
      cwd: folder,
      env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  await once(child, 'exit');
  if (!existsSync(report))
    throw new Error(`${suite.name} gave no report on ${node}. Set SUITE_NODE to another Node.`);
  return outcomeOf(suite, await readFile(report, 'utf8'));
}

function print({ name }: Suite, { passed, failed, pending, failures }: Outcome): void {
  console.log(`${name}: ${passed} passed, ${failed} failed, ${pending} pending`);
  for (const { title, message, known } of failures) {
    console.log(
      known === undefined
        ? `  FAILED: ${title}\n    ${message}`
        : `  defect of the suite: ${title}\n    ${known}`,
    );
  }
}

/** The project's own is first on the PATH of an npm script. */
function nodeOfSuites(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((each) => !each.startsWith(OWN_NODE));
  const found = folders.flatMap((each) => [join(each, 'node'), join(each, 'node.exe')]).find(existsSync);
  return process.env['SUITE_NODE'] ?? found ?? process.execPath;
}

function stop(reason: string): never {
  console.error(reason);
  process.exit(2);
}
