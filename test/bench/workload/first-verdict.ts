import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { utf8 } from '@symbolon/protocol/bytes';
import { build } from 'esbuild';
import type { RaceResult, Settings } from '../measure.ts';
import { raceProcesses } from '../measure-processes.ts';
import type { Gate } from './gate.ts';
import { inTemporaryFolder, writeFiles } from './temporary-folder.ts';

const TEST = fileURLToPath(new URL('../..', import.meta.url));

/** Reads a file of the folder that is the program's argument. */
const READ = `
  import { readFileSync } from 'node:fs';
  const read = (name) => readFileSync(process.argv[2] + '/' + name);
  const { now, ...given } = JSON.parse(read('given.json'));
`;
/** Says how much CPU time the process has taken until here. */
const TELL = `
  if (!good) throw new Error('not accepted');
  const { user, system } = process.cpuUsage();
  process.stdout.write(String(user + system));
`;

const PROGRAMS = {
  ours: `${READ}
    import { openTrust } from '@symbolon/verifier/open-trust';
    import { readPolicy } from '@symbolon/verifier/policy';
    import { verify } from '@symbolon/verifier/verify';
    const { trust } = await openTrust({ bundle: read('bundle.bin'), pinnedRoot: read('root.json'), now });
    const verdict = await verify(given.presentation, trust, readPolicy(given.policy), now);
    const good = verdict.outcome === 'accepted';
    ${TELL}`,
  jose: `${READ}
    import { importJWK, jwtVerify } from 'jose';
    const key = await importJWK(given.issuerKey, 'ES256');
    const options = { algorithms: ['ES256'], typ: 'dc+sd-jwt', requiredClaims: ['iat', 'exp'], currentDate: new Date(now * 1000) };
    const { payload } = await jwtVerify(given.presentation.slice(0, given.presentation.indexOf('~')), key, options);
    const good = payload.iss === given.issuer;
    ${TELL}`,
};

/**
 * CPU time of a fresh process until its first answer.
 *
 * - `ours` opens a trust bundle from the disk with a pinned root and no state (every signature of every region, the status lists), reads the policy, and gives the
 *   verdict on a key-bound presentation: all steps, two signatures.
 * - `jose` imports the issuer's key from the disk and checks the issuer's signature, type and times of the same presentation. It knows no registry, no status and no
 *   holder.
 *
 * Both are programs as one would deploy them: bundled and minified by esbuild with the same settings, run by the same Node with no option and no cache of compiled
 * code. The start of Node itself is part of both.
 */
export async function raceFirstVerdict(
  name: string,
  gate: Gate,
  settings: Settings,
): Promise<RaceResult<'ours' | 'jose'>> {
  const [presentation = ''] = await gate.present(1);
  const { now, policy, bundle, pinnedRoot, issuer } = gate;
  const given = { now, policy, presentation, issuerKey: gate.signer.publicJwk, issuer: issuer.region.issuer };
  return inTemporaryFolder(async (folder) => {
    await writeFiles(
      folder,
      new Map([
        ['given.json', utf8(JSON.stringify(given))],
        ['bundle.bin', bundle],
        ['root.json', pinnedRoot],
      ]),
    );
    const programs = {
      ours: [await built('ours', folder), folder],
      jose: [await built('jose', folder), folder],
    };
    return raceProcesses(name, programs, settings);
  });
}

/** @returns the path of a program */
async function built(program: keyof typeof PROGRAMS, folder: string): Promise<string> {
  const outdir = join(folder, program);
  await build({
    stdin: { contents: PROGRAMS[program], resolveDir: TEST, loader: 'ts' },
    bundle: true,
    // JSON-LD is in files of its own.
    splitting: true,
    minify: true,
    outdir,
    entryNames: 'main',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  return join(outdir, 'main.mjs');
}
