import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_BUILD, runAsBrowser } from '../support/as-browser.ts';
import { auditWorld, dayAfter, decisions, FOUNDED, POSITIVE, served } from '../support/audit-world.ts';

const ENTRY = `
  export { runAudit } from '@symbolon/audit/audit';
  export { newState } from '@symbolon/audit/log-state';
  export { newAlarms } from '@symbolon/audit/monitor';
  export { proveReceipt } from '@symbolon/audit/receipt';
  export { reportJson } from '@symbolon/audit/report-json';
  export { reportPage } from '@symbolon/audit/report-page';
  export { isStillThere } from '@symbolon/audit/still-there';
  export { formatState, parseState } from '@symbolon/audit/stored-state';
`;

/** An audit of what is served below one address, whose state is a text in memory. */
const PAGE = `
  const files = new Map(Object.entries(input.files).map(([path, hex]) => [path, bytes(hex)]));
  let kept;
  const report = await symbolon.runAudit({
    registry: async (path) => files.get('registry/' + path),
    pinnedRoot: bytes(input.root),
    clientState: undefined,
    keepClientState: async () => {},
    logAt: ({ url }) => async (path) => files.get(new URL(url).pathname.slice(1) + '/' + path),
    regions: undefined,
    state: {
      log: async (origin) => symbolon.newState(origin),
      save: async (state) => { kept = symbolon.parseState(symbolon.formatState(state), state.origin); },
      keepEvidence: async () => 'evidence',
    },
    now: input.now,
    isStopped: () => false,
    onProgress: () => {},
    clock: () => 0,
  });
  const { lines } = symbolon.newAlarms(undefined, report);
  const { verdict, logs } = symbolon.reportJson(report);
  const page = symbolon.reportPage(report).length;
  write(JSON.stringify({ verdict, sizes: logs.map(({ size }) => size), lines, page, kept: kept.range.size, process: typeof process }));
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-audit-browser-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the audit in a browser', () => {
  it('reaches no Node module and no AWS client, and audits a federation with Buffer and process absent', async () => {
    const resolveDir = fileURLToPath(new URL('../..', import.meta.url));
    const stdin = { contents: ENTRY, resolveDir, loader: 'ts' } as const;
    const { metafile, outputFiles } = await build({ ...BROWSER_BUILD, stdin });
    const inputs = Object.keys(metafile.inputs);
    const imports = Object.values(metafile.inputs).flatMap((each) => each.imports.map(({ path }) => path));
    const node = new Set(builtinModules);
    expect([...inputs, ...imports].filter((path) => path.startsWith('node:') || node.has(path))).toEqual([]);
    expect(
      inputs.filter((path) => /@aws-sdk|@smithy|packages\/(aws|local|issuer|cli)|\.node\.ts$/.test(path)),
    ).toEqual([]);

    const file = join(folder, 'audit.mjs');
    await writeFile(file, outputFiles[0]?.text ?? '');
    const now = dayAfter(FOUNDED, 3);
    const world = await auditWorld();
    await world.logPublications(now);
    await world.decisions.add([...decisions(300, now), ...decisions(60, now, POSITIVE)]);
    await world.decisions.witness(now);
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    const files = Object.fromEntries([...served(world)].map(([path, bytes]) => [path, hex(bytes)]));
    const root = hex(world.fixture.pinnedRoot);
    const input = { module: pathToFileURL(file).href, files, root, now };
    const told = JSON.parse(await runAsBrowser(PAGE, input));
    expect(told).toMatchObject({ verdict: 'failed', sizes: [1, 360], kept: 360, process: 'undefined' });
    expect(told.lines).toEqual([expect.stringContaining('burst-unheld')]);
    expect(told.page).toBeGreaterThan(5000);
  });
});
