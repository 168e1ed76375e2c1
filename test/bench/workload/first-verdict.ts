import { join } from 'node:path';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import type { RaceResult, Settings } from '../measure.ts';
import { raceProcesses } from '../measure-processes.ts';
import type { Gate } from './gate.ts';
import { plainProgram, snapshotProgram } from './programs.ts';
import { inTemporaryFolder, writeFiles } from './temporary-folder.ts';

/** What `answer(folder)` is in each: it reads everything from the folder, and throws when the presentation in there is not accepted. */
const PROGRAMS = {
  ours: `
    import { readFileSync } from 'node:fs';
    import { openTrust } from '@symbolon/verifier/open-trust';
    import { readPolicy } from '@symbolon/verifier/policy';
    import { verify } from '@symbolon/verifier/verify';
    async function answer(folder) {
      const read = (name) => readFileSync(folder + '/' + name);
      const { now, presentation, policy } = JSON.parse(read('given.json'));
      const { trust } = await openTrust({ bundle: read('bundle.bin'), pinnedRoot: read('root.json'), now });
      const verdict = await verify(presentation, trust, readPolicy(policy), now);
      if (verdict.outcome !== 'accepted') throw new Error('not accepted');
    }`,
  jose: `
    import { readFileSync } from 'node:fs';
    import { importJWK, jwtVerify } from 'jose';
    async function answer(folder) {
      const { now, presentation, issuerKey, issuer } = JSON.parse(readFileSync(folder + '/given.json'));
      const key = await importJWK(issuerKey, 'ES256');
      const options = { algorithms: ['ES256'], typ: 'dc+sd-jwt', requiredClaims: ['iat', 'exp'], currentDate: new Date(now * 1000) };
      const { payload } = await jwtVerify(presentation.slice(0, presentation.indexOf('~')), key, options);
      if (payload.iss !== issuer) throw new Error('not accepted');
    }`,
};

type Runner = 'ours' | 'oursPlain' | 'jose' | 'joseSnapshot';

/**
 * CPU time of a fresh process until its first answer.
 *
 * - `ours` opens a trust bundle from the disk with a pinned root and no state (every signature of every region, the status lists), reads the policy, and gives the
 *   verdict on a key-bound presentation: all steps, two signatures.
 * - `jose` imports the issuer's key from the disk and checks the issuer's signature, type and times of the same presentation. It knows no registry, no status and no
 *   holder.
 *
 * `ours` starts from a snapshot as docs/guides/verifier.md deploys a gate: one file with JSON-LD in it, run once while the snapshot was made, with the same root, bundle and
 * policy and another presentation. `jose` and `oursPlain` are files that Node runs as it runs any: JSON-LD is in files of its own, and nothing was compiled before.
 * jose documents no snapshot, but one can be made of it in the same way: that is `joseSnapshot`.
 *
 * All are bundled and minified by esbuild with the same settings but for that, and run by the same Node with no option besides the snapshot's and no cache of compiled code. The
 * start of Node itself is part of each, and so is the reading of a snapshot; the making of one is not.
 */
export async function raceFirstVerdict<Name extends Runner>(
  name: string,
  gate: Gate,
  runners: readonly Name[],
  settings: Settings,
): Promise<RaceResult<Name>> {
  return inTemporaryFolder(async (folder) => {
    const [presentation = '', another = ''] = await gate.present(2);
    const shown = join(folder, 'shown');
    const before = join(folder, 'before');
    await writeFiles(shown, given(gate, presentation));
    await writeFiles(before, given(gate, another));
    const made: Record<Runner, (outdir: string) => Promise<readonly string[]>> = {
      ours: (outdir) => snapshotProgram(PROGRAMS.ours, outdir, before),
      oursPlain: (outdir) => plainProgram(PROGRAMS.ours, outdir),
      jose: (outdir) => plainProgram(PROGRAMS.jose, outdir),
      joseSnapshot: (outdir) => snapshotProgram(PROGRAMS.jose, outdir, before),
    };
    const programs = new Map<Name, readonly string[]>();
    for (const runner of runners)
      programs.set(runner, [...(await made[runner](join(folder, runner))), shown]);
    return raceProcesses(name, programs, settings);
  });
}

function given(
  { now, policy, bundle, pinnedRoot, issuer, signer }: Gate,
  presentation: string,
): ReadonlyMap<string, Bytes> {
  const rest = { now, policy, presentation, issuerKey: signer.publicJwk, issuer: issuer.region.issuer };
  return new Map([
    ['given.json', utf8(JSON.stringify(rest))],
    ['bundle.bin', bundle],
    ['root.json', pinnedRoot],
  ]);
}
