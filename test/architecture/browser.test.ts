import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { issueBitstringList } from '@symbolon/credential/bitstring-list';
import { issueDataIntegrity, presentDataIntegrity } from '@symbolon/credential/data-integrity';
import { IN_PERSON_AUDIENCE, type StatusClaims, windowNonce } from '@symbolon/credential/model';
import { packQr } from '@symbolon/credential/qr/pack';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { presentSdJwt } from '@symbolon/credential/sd-jwt/present';
import { addHours, hourFloor } from '@symbolon/protocol/instant';
import { bitstringListOf, LIST_PURPOSES } from '@symbolon/protocol/list-names';
import { systemRandom } from '@symbolon/protocol/random';
import { writeBundle } from '@symbolon/registry/bundle';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { openBundle } from '@symbolon/registry/open-bundle';
import { listPath } from '@symbolon/registry/status-lists';
import { encodeBitstring } from '@symbolon/status/bitstring';
import { type BuildOptions, type BuildResult, build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_BUILD, runAsBrowser } from '../support/as-browser.ts';
import {
  buildFederation,
  type FederationFixture,
  FIXTURE_NOW,
  seededSigner,
} from '../support/federation-fixture.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ENTRY = `
  export { openTrust } from '@symbolon/verifier/open-trust';
  export { verify } from '@symbolon/verifier/verify';
  export { createScanner } from '@symbolon/verifier/scanner';
  export { readPolicy } from '@symbolon/verifier/policy';
`;

const OPTIONS = {
  stdin: { contents: ENTRY, resolveDir: ROOT, loader: 'ts' },
  ...BROWSER_BUILD,
} as const satisfies BuildOptions;

let built: BuildResult<{ write: false; metafile: true }>;
let federation: FederationFixture;
let folder: string;
let file: string;

beforeAll(async () => {
  built = await build(OPTIONS);
  folder = await mkdtemp(join(tmpdir(), 'symbolon-browser-'));
  file = join(folder, 'verifier.mjs');
  await writeFile(file, built.outputFiles[0]?.text ?? '');
  federation = await buildFederation();
});

afterAll(() => rm(folder, { recursive: true }));

describe('the verifier in a browser', () => {
  it('reaches no Node module and no AWS client', () => {
    const inputs = Object.keys(built.metafile.inputs);
    const imports = Object.values(built.metafile.inputs).flatMap((input) =>
      input.imports.map(({ path }) => path),
    );
    const node = new Set(builtinModules);
    expect(inputs.length).toBeGreaterThan(50);
    expect([...inputs, ...imports].filter((path) => path.startsWith('node:') || node.has(path))).toEqual([]);
    expect(
      inputs.filter((path) =>
        /@aws-sdk|@smithy|packages\/(aws|local|issuer)|\.node\.ts$|ceremony|updater/.test(path),
      ),
    ).toEqual([]);
  });

  it('loads no JSON-LD code before it is needed, neither of credentials nor of lists', async () => {
    const { metafile } = await build({ ...OPTIONS, splitting: true, outdir: folder });
    const { outputs } = metafile;
    const entries = Object.keys(outputs).filter((path) => outputs[path]?.entryPoint === '<stdin>');
    const loaded = new Set(entries);
    for (const path of loaded)
      for (const { path: next, kind } of outputs[path]?.imports ?? [])
        if (kind === 'import-statement') loaded.add(next);
    const jsonLd = (paths: Iterable<string>) =>
      [...paths]
        .flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}))
        .filter((path) => /jsonld|digitalbazaar|rdf-canonize|data-integrity|bitstring-list/.test(path));
    expect(entries).toHaveLength(1);
    expect(jsonLd(loaded)).toEqual([]);
    expect(jsonLd(Object.keys(outputs)).length).toBeGreaterThan(20);
  });

  it.each(['SYM1 text', 'SD-JWT', 'JSON-LD', 'listed JSON-LD'])(
    'gives a verdict on %s with Buffer and process absent',
    async (form) => {
      const lists = await bitstringLists();
      const bundle = await writeBundle(await collectBundle({ read: federation.files, lists }));
      const { view } = await openBundle({ bundle, pinnedRoot: federation.pinnedRoot, now: FIXTURE_NOW });
      const presentation = await presentationOf(form, view.dictionary);
      const input = {
        module: pathToFileURL(file).href,
        bundle: hex(bundle),
        root: hex(federation.pinnedRoot),
        presentation,
        now: FIXTURE_NOW,
      };
      const answer = JSON.parse(await runAsBrowser(PAGE, input));
      expect(answer).toMatchObject({
        verdict: { outcome: 'accepted' },
        buffer: 'undefined',
        process: 'undefined',
      });
    },
  );
});

const LIST = 'https://cn-bj.symbolon.test/lists/500000';

/** Entry 0 is neither revoked nor suspended. */
async function bitstringLists(): Promise<ReadonlyMap<string, string>> {
  const signer = federation.regions['CN-BJ'].status;
  const order = {
    did: 'did:web:cn-bj.symbolon.test',
    kid: signer.kid,
    encodedList: await encodeBitstring(Uint8Array.of(0)),
    issuedAt: FIXTURE_NOW,
    expiresAt: addHours(FIXTURE_NOW, 96),
    ttlSeconds: 300,
    signer,
  };
  const lists = LIST_PURPOSES.map(async (purpose) => {
    const text = await issueBitstringList({ ...order, purpose, uri: bitstringListOf(LIST, purpose) });
    return [listPath('CN-BJ', bitstringListOf('500000', purpose)), text] as const;
  });
  return new Map(await Promise.all(lists));
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const PAGE = `
  const { bundle, root, presentation, now } = input;
  const { trust } = await symbolon.openTrust({ bundle: bytes(bundle), pinnedRoot: bytes(root), now });
  const policy = symbolon.readPolicy({ region: 'CN-GD', purpose: 'venue-entry', schemes: ['health'], accept: 'health.level == "green"' });
  const verdict = await symbolon.verify(presentation, trust, policy, now);
  write(JSON.stringify({ verdict, buffer: typeof Buffer, process: typeof process }));
`;

async function presentationOf(form: string, dictionary: Parameters<typeof packQr>[1]): Promise<string> {
  const holder = await seededSigner('holder');
  const signer = federation.regions['CN-BJ'].credential;
  const issuedAt = hourFloor(FIXTURE_NOW);
  const claims: StatusClaims = {
    scheme: 'health',
    major: 1,
    level: 'green',
    rule: 'clear@1',
    authority: 'cdc',
    assurance: 'standard',
    issuedAt,
    expiresAt: addHours(issuedAt, form === 'listed JSON-LD' ? 24 : 6),
    ...(form === 'listed JSON-LD' && { statusEntry: { idx: 0, uri: LIST } }),
    holderKey: holder.publicJwk,
    bearer: false,
    contested: false,
  };
  const show = { audience: IN_PERSON_AUDIENCE, nonce: windowNonce(FIXTURE_NOW), now: FIXTURE_NOW, holder };
  if (form.endsWith('JSON-LD')) {
    const did = 'did:web:cn-bj.symbolon.test';
    const credential = await issueDataIntegrity({
      did,
      kid: signer.kid,
      claims,
      signer,
      random: systemRandom,
    });
    return presentDataIntegrity({ credential, ...show });
  }
  const details = { reason: 'No adverse fact is known', evidence: 'no-adverse-fact' };
  const sdJwt = await issueSdJwt({
    issuer: 'https://cn-bj.symbolon.test',
    claims,
    details,
    signer,
    random: systemRandom,
  });
  const text = await presentSdJwt({ sdJwt, disclose: [], ...show });
  return form === 'SD-JWT' ? text : packQr(text, dictionary);
}
