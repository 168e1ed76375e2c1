import { createServer, type Server } from 'node:http';
import type { Instant } from '@symbolon/protocol/instant';
import { writeBundle } from '@symbolon/registry/bundle';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { REGISTRY_LOG_FILE } from '@symbolon/registry/open-bundle';
import { openRegistry } from '@symbolon/registry/open-registry';
import type { ReadFile } from '@symbolon/registry/source';
import { verify } from '@symbolon/verifier/verify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { examineLog } from '../../packages/cli/src/doctor/examine-log.ts';
import { explainVerdict } from '../../packages/cli/src/verify/explain/explain.ts';
import {
  after,
  type LoggedFederation,
  loggedFederation,
  type Opening,
} from '../support/logged-federation.ts';
import { type LogJson, logFile } from '../support/registry-log.ts';
import { GATE } from '../support/verifier-federation.ts';

/** What people are told of the registry's log: `explain` of each verdict, and `registry doctor`, which asks the log itself. */

let federation: LoggedFederation;
let server: Server;
let url: string;
/** What the log answers as its newest witnessed checkpoint. */
let witnessed: string | undefined;
/** What the bundle in the registry says of the log. */
let json: LogJson | undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (witnessed === undefined) {
      request.socket.destroy();
      return;
    }
    const isThere = request.url === '/witnessed' && witnessed !== '';
    response.statusCode = isThere ? 200 : 404;
    response.end(isThere ? witnessed : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  url = `http://127.0.0.1:${address.port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(async () => {
  federation = await loggedFederation(url);
  witnessed = await federation.world.checkpoint(after(1));
  json = await federation.world.json(after(1));
});

async function examined(now: Instant): Promise<string[]> {
  const { fixture } = federation;
  const { view } = await openRegistry({
    read: fixture.files,
    pinnedRoot: fixture.pinnedRoot,
    now,
    expiry: 'offline',
  });
  const files = new Map(await collectBundle({ read: fixture.files }));
  if (json !== undefined) files.set(REGISTRY_LOG_FILE, logFile(json));
  const bundle = await writeBundle(files);
  const read: ReadFile = async (path) => (path === 'trust.bundle' ? bundle : fixture.files.get(path));
  return (await examineLog(view, read, now)).map(({ severity, place, code, reason }) =>
    [severity, place, code, ...(reason === undefined ? [] : [reason])].join(' '),
  );
}

describe('REQ-LOG-009 registry doctor', () => {
  it('says nothing of a log that is alive, and of a version that is proven', async () => {
    expect(await examined(after(2))).toEqual([]);
  });

  it('warns of a log that its witnesses have not seen for a day, and later fails', async () => {
    expect(await examined(after(26.5))).toEqual([]);
    expect(await examined(after(27))).toEqual(['warn log checkpoint-stale']);
    expect(await examined(after(97))).toEqual(['fail log checkpoint-stale']);
  });

  it('tells a log that does not answer, has no checkpoint, or one of its own making', async () => {
    witnessed = undefined;
    expect(await examined(after(2))).toEqual(['fail log endpoint-unreachable metadata-unreachable']);
    witnessed = '';
    expect(await examined(after(2))).toEqual(['fail log log-missing']);
    witnessed = await federation.world.checkpoint(after(2), 1, { witnesses: 1 });
    expect(await examined(after(2))).toEqual(['fail log endpoint-disagrees witnesses-too-few']);
  });

  it('REQ-LOG-017 tells a version that the bundle does not prove, as a verifier grades it', async () => {
    json = undefined;
    expect(await examined(after(2))).toEqual(['fail log registry-unlogged log-missing']);
    json = await federation.world.json(after(1));
    await federation.renew(after(2));
    expect(await examined(after(2))).toEqual(['warn log registry-unlogged']);
  });
});

describe('explain', () => {
  async function keyFacts(now: Instant, opening?: Opening): Promise<readonly string[]> {
    const text = await federation.shownAt(now);
    const { trust } = await federation.openedAt(now, opening);
    const verdict = await verify(text, trust, GATE, now);
    const steps = await explainVerdict({ presentations: [text], trust, policy: GATE, verdict, now }, 'en');
    return steps.find(({ step }) => step === 'key')?.facts ?? [];
  }

  it('says that the version is in the log, or when the log was seen without it', async () => {
    expect(await keyFacts(after(1))).toContain(
      'This version is in the public log, which the witnesses saw at 2026-09-07T10:01:00Z, 0 s ago.',
    );
    const older = await federation.world.json(after(1));
    await federation.renew(after(2));
    expect(await keyFacts(after(2), { json: older })).toContain(
      'The witnesses saw the public log at 2026-09-07T10:01:00Z, 60 min ago; this version is not shown to be in it.',
    );
    expect((await keyFacts(after(2), { json: undefined })).filter((fact) => fact.includes('log'))).toEqual(
      [],
    );
  });
});
