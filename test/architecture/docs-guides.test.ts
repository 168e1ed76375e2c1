import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { issueDataIntegrity, presentDataIntegrity } from '@symbolon/credential/data-integrity';
import { IN_PERSON_AUDIENCE, type StatusClaims, windowNonce } from '@symbolon/credential/model';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { presentSdJwt } from '@symbolon/credential/sd-jwt/present';
import type { Signer } from '@symbolon/keys/signer';
import { sampleIssuer } from '@symbolon/local/sample/regions';
import { addHours, addSeconds, formatInstant } from '@symbolon/protocol/instant';
import { systemRandom } from '@symbolon/protocol/random';
import { writeBundle } from '@symbolon/registry/bundle';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildFederation,
  type FederationFixture,
  FIXTURE_NOW,
  publishUpdate,
  seededSigner,
} from '../support/federation-fixture.ts';
import { publishVenueKey, signedVenueCode, VENUE_CLAIMS } from '../support/venue-region.ts';
import { block, blocks, page, ROOT } from './markdown.ts';

/** The programs in the guides run as they are printed, beside files as the guides name them. */

const NOW = addSeconds(FIXTURE_NOW, 1200);
const GUIDES = ['README.md', 'docs/guides/verifier.md', 'docs/guides/venue.md'];

let folder: string;
let federation: FederationFixture;
let presentation: string;
let old: Uint8Array;
let current: Uint8Array;
let withVenue: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-guides-'));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const { info, text } of GUIDES.flatMap((path) => blocks(page(path)))) {
    if (info.startsWith('ts ')) await writeFile(join(folder, info.slice('ts '.length)), text);
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  // The programs read the clock; this is what it says.
  await writeFile(join(folder, 'clock.mjs'), `Date.now = () => ${NOW * 1000};\n`);
  federation = await buildFederation();
  presentation = await shown(federation);
  old = await bundleOf(federation);
  const signers = federation.regions['CN-GD'].admins.slice(1);
  const later = addSeconds(NOW, -60);
  await publishUpdate(federation, later, (draft) => updateRole(draft, { role: 'CN-GD' }, signers, later));
  current = await bundleOf(federation);
  await publishVenueKey(federation, addSeconds(NOW, -30));
  withVenue = await bundleOf(federation);
  await writeFile(join(folder, 'root.json'), federation.pinnedRoot);
});

afterAll(() => rm(folder, { recursive: true }));

async function bundleOf({ store }: FederationFixture): Promise<Uint8Array> {
  return writeBundle(await collectBundle({ read: store.files }));
}

/** Someone from Beijing shows a green status, now. */
async function shown(
  { regions }: FederationFixture,
  { audience, nonce } = { audience: IN_PERSON_AUDIENCE, nonce: windowNonce(NOW) },
): Promise<string> {
  const holder = await seededSigner('holder');
  const signer = regions['CN-BJ'].credential;
  const sdJwt = await issueSdJwt({ issuer: sampleIssuer('CN-BJ'), signer, ...statusOf(holder) });
  return presentSdJwt({ sdJwt, disclose: [], audience, nonce, now: NOW, holder });
}

/** The same as JSON-LD. */
async function shownJsonLd({ regions }: FederationFixture): Promise<string> {
  const holder = await seededSigner('holder of JSON-LD');
  const signer = regions['CN-BJ'].credential;
  const did = `did:web:${new URL(sampleIssuer('CN-BJ')).host}`;
  const credential = await issueDataIntegrity({ did, kid: signer.kid, signer, ...statusOf(holder) });
  const window = { audience: IN_PERSON_AUDIENCE, nonce: windowNonce(NOW), now: NOW };
  return presentDataIntegrity({ credential, holder, ...window });
}

function statusOf({ publicJwk }: Signer) {
  const claims: StatusClaims = {
    scheme: 'health',
    major: 1,
    level: 'green',
    rule: 'clear@1',
    authority: 'cdc',
    assurance: 'standard',
    issuedAt: FIXTURE_NOW,
    expiresAt: addHours(FIXTURE_NOW, 6),
    holderKey: publicJwk,
    bearer: false,
    contested: false,
  };
  const details = { reason: 'No adverse fact is known', evidence: 'no-adverse-fact' };
  return { claims, details, random: systemRandom };
}

interface Run {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

function run(program: string, ...values: readonly string[]): Promise<Run> {
  return execute(['--import', './clock.mjs', program, ...values], folder);
}

/** What a guide has as commands. */
function shell(commands: string): Promise<Run> {
  return execute(['-c', `set -e\n${commands}`], folder, 'sh');
}

function execute(args: readonly string[], cwd: string, file = process.execPath): Promise<Run> {
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}` };
    execFile(file, args, { cwd, env }, (error, output, errors) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output, errors }),
    );
  });
}

describe('README.md', () => {
  it('first-verdict.ts gives a verdict with its reasons', async () => {
    await writeFile(join(folder, 'trust.bundle'), old);
    expect(await run('first-verdict.ts', presentation)).toEqual({
      code: 0,
      output: 'accepted\n',
      errors: '',
    });
    const cut = presentation.slice(0, presentation.lastIndexOf('~') + 1);
    expect(await run('first-verdict.ts', cut)).toEqual({
      code: 0,
      output: 'refused binding-missing\n',
      errors: '',
    });
  });
});

describe('docs/guides/verifier.md', () => {
  it('gate.ts accepts a presentation, and refuses it the second time', async () => {
    await writeFile(join(folder, 'trust.bundle'), old);
    expect(await run('gate.ts', presentation, presentation)).toEqual({
      code: 0,
      output: 'accepted\nrefused replayed\n',
      errors: '',
    });
    expect(await run('gate.ts', 'hello')).toMatchObject({
      output: 'refused presentation-unrecognised\n',
    });
  });

  it('fast-gate.ts starts from a snapshot, which knows nothing of what it was warmed up with', async () => {
    const warm = join(folder, 'warm-up');
    await mkdir(warm);
    await writeFile(join(warm, 'root.json'), federation.pinnedRoot);
    await writeFile(join(warm, 'trust.bundle'), current);
    // Node reads no --import when it starts from a snapshot, so the clock is in it.
    const commands = block(page('docs/guides/verifier.md'), 'sh fast-gate')
      .replace('--outfile', '--log-level=warning --inject:./clock.mjs --outfile')
      .replace('2026-09-07T08:20:00Z', formatInstant(NOW));
    const built = (shown: string) => shell(commands.replace('SYM1:…', shown));
    const nothing = await built('hello');
    expect(nothing.code).not.toBe(0);
    expect(nothing.errors).toContain('the warm-up shows nothing that is accepted');
    expect(existsSync(join(folder, 'gate.blob'))).toBe(false);
    expect(await built(presentation)).toMatchObject({ code: 0, output: '' });
    await rm(warm, { recursive: true });

    const gate = (...shown: readonly string[]) =>
      execute(['--snapshot-blob', join(folder, 'gate.blob'), ...shown], place);
    const place = await mkdtemp(join(folder, 'place-'));
    await writeFile(join(place, 'root.json'), federation.pinnedRoot);
    // The bundle, the state and the replay memory of the warm-up are not there.
    expect((await gate(presentation)).errors).toContain("open 'trust.bundle'");
    await writeFile(join(place, 'trust.bundle'), old);
    const jsonLd = await shownJsonLd(federation);
    expect(await gate(presentation, jsonLd, presentation)).toEqual({
      code: 0,
      output: 'accepted\naccepted\nrefused replayed\n',
      errors: '',
    });
    // What it reads counts: another root, and a state that has seen more.
    await writeFile(join(place, 'root.json'), '{}');
    expect((await gate(presentation)).errors).toContain('metadata-malformed');
    await writeFile(join(place, 'root.json'), federation.pinnedRoot);
    await writeFile(join(place, 'trust.bundle'), current);
    expect(await gate(presentation)).toMatchObject({ code: 0, output: 'accepted\n' });
    await writeFile(join(place, 'trust.bundle'), old);
    expect((await gate(presentation)).errors).toContain('bundle-rollback');
  });

  it('refresh.ts fetches the current bundle, and gate.ts then refuses the old one', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(current);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await run('refresh.ts', `http://127.0.0.1:${port}/registry`)).toMatchObject({
      code: 0,
      errors: '',
    });
    server.close();
    expect(asked).toEqual(['/registry/trust.bundle']);
    expect(new Uint8Array(await readFile(join(folder, 'trust.bundle')))).toEqual(new Uint8Array(current));
    expect(await run('gate.ts', presentation)).toMatchObject({ code: 0, output: 'accepted\n' });

    await writeFile(join(folder, 'trust.bundle'), old);
    const refused = await run('gate.ts', presentation);
    expect(refused).toMatchObject({ code: 1, output: '' });
    expect(refused.errors).toContain('bundle-rollback');
  });

  it('scanner-page.ts is bundled for a browser', async () => {
    const { outputFiles, warnings } = await build({
      entryPoints: [join(folder, 'scanner-page.ts')],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      target: 'es2024',
      alias: {
        'base64url-universal': join(ROOT, 'node_modules/base64url-universal/lib/browser.js'),
      },
    });
    expect(warnings).toEqual([]);
    const text = outputFiles[0]?.text ?? '';
    expect(text).toContain('openGate');
    expect(text).not.toMatch(/from ["']node:|require\(["']node:/);
  });
});

describe('docs/guides/venue.md', () => {
  it('venue-gate.ts takes its policy from the code, and the answer to it', async () => {
    await writeFile(join(folder, 'trust.bundle'), withVenue);
    const code = await signedVenueCode();
    const audience = 'urn:symbolon:venue:CN-GD:central-station';
    const answer = await shown(federation, { audience, nonce: VENUE_CLAIMS.nonce });
    expect(await run('venue-gate.ts', code, answer)).toEqual({
      code: 0,
      output: 'central-station accepted\n',
      errors: '',
    });
    expect(await run('venue-gate.ts', code, presentation)).toMatchObject({
      output: 'central-station refused nonce-required\n',
    });
    const forged = await run(
      'venue-gate.ts',
      await signedVenueCode({}, await seededSigner('forger')),
      answer,
    );
    expect(forged).toMatchObject({ code: 1, output: '' });
    expect(forged.errors).toContain('key-unknown');
  });
});

it('every program of the guides holds to the types', async () => {
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(ROOT, 'tsconfig.json'),
      include: ['*.ts'],
      exclude: [],
    }),
  );
  const told = await new Promise<string>((resolve) => {
    const args = [join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', folder];
    execFile(process.execPath, args, (_error, output, errors) => resolve(output + errors));
  });
  expect(told).toBe('');
});
