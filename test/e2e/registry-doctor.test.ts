import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Signer } from '@symbolon/keys/signer';
import { addHours, formatInstant, type Instant } from '@symbolon/protocol/instant';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import type { DoctorFinding } from '@symbolon/registry/doctor/finding';
import { openRegistry } from '@symbolon/registry/open-registry';
import type { RegistryView } from '@symbolon/registry/registry-view';
import { issueStatusListToken } from '@symbolon/status/issue';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { observeRegions } from '../../packages/cli/src/doctor/observe-regions.ts';
import { runCli, temporaryFolder } from '../support/cli.ts';
import {
  buildFederation,
  type FederationFixture,
  FIXTURE_NOW,
  keysFile,
  publishedKeys,
  publishUpdate,
  seededSigner,
} from '../support/federation-fixture.ts';
import { writeFiles } from '../support/registry-folder.ts';

/** `symbolon registry doctor` against a registry and regions that answer as told. */

const REGIONS = ['CN-BJ', 'CN-GD', 'CN-HA'] as const;
type Region = (typeof REGIONS)[number];
type Answer = (path: string) => { status?: number; body?: string; location?: string } | undefined;

let home: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Server;
let endpoint: string;
let federation: FederationFixture;
let registry: RegistryView;
/** What is asked of a region's services, in this test. */
let answers: Record<string, Answer>;
const lists = new Map<Region, string>();

const uriOf = (region: Region) => `https://${region.toLowerCase()}.symbolon.test/lists/494000`;
function token(
  signer: Signer,
  { uri = uriOf('CN-GD'), issuedAt = addHours(FIXTURE_NOW, -1) }: { uri?: string; issuedAt?: Instant } = {},
): Promise<string> {
  const entries = new Uint8Array(64);
  const expiresAt = addHours(issuedAt, 120);
  return issueStatusListToken({ uri, entries, bits: 2, issuedAt, expiresAt, ttlSeconds: 900, signer });
}

/** A region that is well. */
const well =
  (list: string): Answer =>
  (path) => {
    if (path === 'lists/index.json') return { body: '{"lists":["494000"]}' };
    if (path === 'lists/494000') return { body: list };
    return { status: 404, body: '{"code":"not-found"}' };
  };

async function startRegions(): Promise<void> {
  server = createServer((request, response) => {
    const [, region = '', ...path] = (request.url ?? '').split('/');
    const answer = answers[region]?.(path.join('/'));
    if (answer === undefined) {
      request.socket.destroy();
      return;
    }
    response.statusCode = answer.status ?? 200;
    if (answer.location !== undefined) response.setHeader('location', answer.location);
    response.end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** As `planEpochs` would have it: a key in reserve for each use. */
async function publishReserves(): Promise<void> {
  for (const region of REGIONS) {
    const own = federation.regions[region];
    const keys = await Promise.all(
      (['credential', 'status'] as const).map(async (use) => {
        const [notBefore, notAfter] = [addHours(FIXTURE_NOW, 100), addHours(FIXTURE_NOW, 100 + 21 * 24)];
        return { signer: await seededSigner(`${region} next ${use}`), use, notBefore, notAfter };
      }),
    );
    const put = keysFile(region, [...publishedKeys(own, FIXTURE_NOW), ...keys]);
    await publishUpdate(federation, FIXTURE_NOW, (draft) =>
      updateRole(draft, { role: `${region}.keys`, put }, [own.keys], FIXTURE_NOW),
    );
  }
}

beforeAll(async () => {
  home = await temporaryFolder();
  await startRegions();
  federation = await buildFederation({ endpointOf: (region) => `${endpoint}/${region}` });
  await publishReserves();
  const { files: read, pinnedRoot } = federation;
  ({ view: registry } = await openRegistry({ read, pinnedRoot, now: FIXTURE_NOW, expiry: 'online' }));
  await writeFiles(home.path, federation.files);
  for (const region of REGIONS) {
    lists.set(region, await token(federation.regions[region].status, { uri: uriOf(region) }));
  }
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await home.remove();
});

beforeEach(() => {
  answers = Object.fromEntries(REGIONS.map((region) => [region, well(lists.get(region) ?? '')]));
});

const observe = async (now = FIXTURE_NOW) =>
  (await observeRegions(registry, now, () => undefined)).map(
    ({ severity, place, code, reason }: DoctorFinding) =>
      [severity, place, code, ...(reason === undefined ? [] : [reason])].join(' '),
  );

describe('the services of the regions', () => {
  it('nothing is said of regions whose services answer and agree', async () => {
    expect(await observe()).toEqual([]);
  });

  it('REQ-DOC-006 a region that does not answer is told, and no other', async () => {
    answers['CN-GD'] = () => undefined;
    expect(await observe()).toEqual([
      'fail CN-GD.issuer endpoint-unreachable metadata-unreachable',
      'fail CN-GD.lists endpoint-unreachable metadata-unreachable',
    ]);
  });

  it('REQ-DOC-006 no redirect is followed', async () => {
    answers['CN-GD'] = (path) =>
      path.startsWith('lists') ? { status: 302, location: `/CN-BJ/${path}` } : { status: 404 };
    expect(await observe()).toEqual(['fail CN-GD.lists endpoint-unreachable metadata-unreachable']);
  });

  it('REQ-DOC-006 no index of lists: the address is wrong, or nothing was ever published', async () => {
    answers['CN-GD'] = () => ({ status: 404 });
    expect(await observe()).toEqual(['fail CN-GD.lists endpoint-unreachable metadata-missing']);
  });

  it('REQ-DOC-006 what is larger than any list is not read to its end', async () => {
    answers['CN-GD'] = (path) => (path === 'lists/494000' ? { body: 'x'.repeat(2_000_000) } : well('')(path));
    expect(await observe()).toEqual(['fail CN-GD.lists endpoint-disagrees metadata-too-large']);
  });

  it('an issuer that fails does not answer', async () => {
    const lists = answers['CN-GD'];
    answers['CN-GD'] = (path) => (path === '' ? { status: 502 } : lists?.(path));
    expect(await observe()).toEqual(['fail CN-GD.issuer endpoint-unreachable metadata-unreachable']);
  });

  it.each<[string, () => Promise<string>, string]>([
    ['a stranger', async () => token(await seededSigner('stranger')), 'key-unknown'],
    ["the region's key for credentials", () => token(federation.regions['CN-GD'].credential), 'key-use'],
    ["another region's key", () => token(federation.regions['CN-BJ'].status), 'key-unknown'],
    [
      'its next key, before its time',
      async () => token(await seededSigner('CN-GD next status')),
      'key-not-valid-then',
    ],
    [
      'the right key, for another list',
      () => token(federation.regions['CN-GD'].status, { uri: uriOf('CN-BJ') }),
      'status-list-malformed',
    ],
    [
      'nobody',
      async () => `${(await token(federation.regions['CN-GD'].status)).slice(0, -86)}${'A'.repeat(86)}`,
      'signature-invalid',
    ],
    ['something that is no list', async () => '{"secret":1}', 'status-list-malformed'],
  ])('REQ-DOC-007 a list signed by %s disagrees with what is published', async (_, make, reason) => {
    answers['CN-GD'] = well(await make());
    expect(await observe()).toEqual([`fail CN-GD.lists endpoint-disagrees ${reason}`]);
  });

  it.each([
    [25, []],
    [26, ['warn CN-GD.lists list-stale']],
    [95, ['warn CN-GD.lists list-stale']],
    [96, ['fail CN-GD.lists list-stale']],
    [121, ['fail CN-GD.lists list-stale']],
  ])('REQ-DOC-008 a list that was signed %i hours ago', async (hours, expected) => {
    const signer = await seededSigner('CN-GD status');
    const issuedAt = FIXTURE_NOW;
    const list = await token(signer, { issuedAt });
    for (const region of ['CN-BJ', 'CN-HA'] as const) {
      const fresh = await token(federation.regions[region].status, {
        uri: uriOf(region),
        issuedAt: addHours(FIXTURE_NOW, hours),
      });
      answers[region] = well(fresh);
    }
    answers['CN-GD'] = well(list);
    expect(await observe(addHours(FIXTURE_NOW, hours))).toEqual(expected);
  });
});

describe('the command, as cron runs it', () => {
  const doctor = (more: readonly string[], now = FIXTURE_NOW) =>
    runCli(
      [
        ...['registry', 'doctor', '--registry', `${home.path}/registry`],
        ...['--root', `${home.path}/registry/metadata/1.root.json`, ...more],
      ],
      { home: home.path, environment: { SYMBOLON_TEST_CLOCK: formatInstant(now) } },
    );

  it('exit 0 when all is well', async () => {
    const { code, stdout } = await doctor([]);
    expect([code, stdout]).toEqual([0, 'All is well.\n']);
  });

  it('exit 2 for warnings, with place and time', async () => {
    const { code, stdout } = await doctor(['--json', '--offline'], addHours(FIXTURE_NOW, 20));
    expect([code, JSON.parse(stdout)]).toEqual([
      2,
      {
        findings: [
          {
            code: 'ends-soon',
            severity: 'warn',
            place: 'timestamp',
            at: formatInstant(addHours(FIXTURE_NOW, 24)),
          },
        ],
      },
    ]);
  });

  it('exit 1 for failures; --offline asks nobody', async () => {
    answers['CN-HA'] = () => undefined;
    const { code, stdout } = await doctor([]);
    expect([code, stdout]).toEqual([1, expect.stringContaining('FAIL CN-HA.lists ')]);
    expect(stdout).toContain('[endpoint-unreachable, metadata-unreachable, REQ-DOC-006]');
    expect((await doctor(['--offline'])).code).toBe(0);
  });

  it('a registry that no client would take is a failure, and one that is not there could not be looked at', async () => {
    const broken = await temporaryFolder();
    const files = [...federation.files].map(([path, bytes]): [string, Uint8Array<ArrayBuffer>] =>
      path === 'metadata/timestamp.json' ? [path, new Uint8Array(20)] : [path, bytes],
    );
    await writeFiles(broken.path, new Map(files));
    const root = ['--root', `${broken.path}/registry/metadata/1.root.json`, '--json'];
    const look = (address: string) =>
      runCli(['registry', 'doctor', '--registry', address, ...root], { home: home.path });
    const refused = await look(`${broken.path}/registry`);
    expect([refused.code, JSON.parse(refused.stdout)]).toEqual([
      1,
      { findings: [{ code: 'metadata-malformed', severity: 'fail', place: 'registry' }] },
    ]);
    expect((await look('http://127.0.0.1:9/registry')).code).toBe(69);
    await broken.remove();
  });
});
