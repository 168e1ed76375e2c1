import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { commitmentOf } from '@symbolon/log/commitment';
import { inclusionProof } from '@symbolon/log/proofs';
import { formatReceipt } from '@symbolon/log/receipt';
import { tilesOf } from '@symbolon/log/tile-reader';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, hourFloor, instant } from '@symbolon/protocol/instant';
import type { DecisionLeaf, Opening } from '@symbolon/protocol/schemas/leaf';
import { writeBundle } from '@symbolon/registry/bundle';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AuditWorld,
  auditWorld,
  dayAfter,
  decision,
  decisions,
  POSITIVE,
  served,
} from '../support/audit-world.ts';
import { LAUNCHER, runCli, temporaryFolder } from '../support/cli.ts';
import { type Mirror, serving, startMirror } from '../support/mirror.ts';

/** `symbolon audit` as people run it: over HTTP, from folders, from cron, and with one receipt. The command reads the clock, so the world is as old as it says. */

const NOW = hourFloor(instant(Math.floor(Date.now() / 1000)));
const FOUNDED = dayAfter(NOW, -30);
const SALT: Bytes = new Uint8Array(32).fill(7);
const OPENING: Opening = {
  subject: 'A'.repeat(43),
  evidence: 'laboratory',
  sequence: 1,
  decidedAt: addHours(NOW, -48),
};

let mirror: Mirror;
let world: AuditWorld;
let receipt: string;
let home: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  mirror = await startMirror((_, response) => response.writeHead(404).end());
  world = await auditWorld({ founded: FOUNDED, base: mirror.url });
  for (let day = 2; day < 29; day++) await world.decisions.add(decisions(30, dayAfter(FOUNDED, day)));
  const leaf: DecisionLeaf = {
    ...decision(OPENING.decidedAt, 1, POSITIVE),
    commitment: commitmentOf(SALT, OPENING),
  };
  await world.decisions.add([leaf]);
  await world.decisions.witness(addHours(NOW, -1));
  await world.logPublications(addHours(NOW, -1));
  receipt = await receiptOf(leaf);
  await world.decisions.add(decisions(30, addHours(NOW, -1)));
  await world.decisions.witness(addHours(NOW, -1));
});
afterAll(() => mirror.close());
beforeEach(async () => {
  home = await temporaryFolder();
  mirror.answer = serving(served(world));
  await writeFile(join(home.path, 'root.json'), world.fixture.pinnedRoot);
});
afterEach(() => home.remove());

async function receiptOf(leaf: DecisionLeaf): Promise<string> {
  const { store } = world.decisions;
  const checkpoint = new TextDecoder().decode(await store.read('witnessed'));
  const size = Number(checkpoint.split('\n')[1]);
  const index = size - 1;
  const hashes = await inclusionProof(index, size, tilesOf((path) => store.read(path), size).hashOf);
  return formatReceipt({ leaf, salt: encodeBase64url(SALT), opening: OPENING, index, hashes, checkpoint });
}

const audit = (...args: readonly string[]) =>
  runCli(['audit', '--root', join(home.path, 'root.json'), '--state', join(home.path, 'state'), ...args], {
    home: home.path,
  });
const registry = () => `${mirror.url}/registry`;

describe('symbolon audit URL', () => {
  it('fetches logs over HTTP, says that all is well, and the second time that nothing is new', async () => {
    const first = await audit(registry());
    expect(first.stderr).toBe('');
    expect(first.stdout).toContain('log.example/cn-ha: 841 leaves (841 new), seen by 3 witnesses');
    expect(first.stdout).toMatch(/ok {8}\d+ of (\d+) checks are ok/);
    expect(first.code).toBe(0);
    mirror.asked.length = 0;
    const again = await audit(registry());
    expect(again.stdout).toContain('Nothing is new since the last audit.');
    expect(mirror.asked.filter((path) => path.includes('tile/'))).toEqual([]);
    // Of the registry only what can change, and roots, which say themselves who signs them.
    expect(mirror.asked.filter((path) => path.startsWith('registry/targets/'))).toEqual([]);
  });

  it('tries again when the server fails for a moment; a redirect is not followed', async () => {
    const honest = serving(served(world));
    let failures = 0;
    mirror.answer = (path, response) => {
      if (path.includes('tile/entries/001') && failures++ < 2) response.writeHead(503).end();
      else honest(path, response);
    };
    expect((await audit(registry())).code).toBe(0);
    expect(failures).toBe(3);
    mirror.answer = (path, response) => {
      if (path === 'cn-ha/checkpoint')
        response.writeHead(302, { location: `${mirror.url}/cn-ha/witnessed` }).end();
      else honest(path, response);
    };
    const { code, stdout } = await audit(registry());
    expect(code).toBe(1);
    expect(stdout).toContain('[log-missing, REQ-LOG-019]');
  });

  it('writes JSON, and a report that needs no network and no script', async () => {
    const file = join(home.path, 'report.html');
    const { stdout, code } = await audit(registry(), '--json', '--html', file);
    expect(code).toBe(0);
    const json = JSON.parse(stdout);
    expect(json).toMatchObject({ symbolonAuditReport: 1, verdict: 'ok', witnesses: { threshold: 2 } });
    expect(json.logs.map(({ origin, size }: { origin: string; size: number }) => [origin, size])).toEqual([
      ['log.example/registry', 1],
      ['log.example/cn-ha', 841],
    ]);
    const page = await readFile(file, 'utf8');
    expect(page).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import|\son[a-z]+=/i);
    expect(page.match(/<svg /g)?.length).toBe(4);
    expect(page.match(/<title id=/g)?.length).toBe(4);
    expect(page).toContain('default-src &#39;none&#39;'.replaceAll('&#39;', "'"));
  });

  it('reads copies in folders, and names no region that there is not', async () => {
    for (const [path, bytes] of served(world)) {
      const place = join(
        home.path,
        'copy',
        path.startsWith('registry/m') || path.startsWith('registry/ta') ? '' : 'log.example',
        path,
      );
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, bytes);
    }
    const copy = join(home.path, 'copy');
    const logs = join(home.path, 'copy');
    for (const [path, bytes] of world.registry.store.files) {
      const place = join(logs, 'log.example', 'registry', path);
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, bytes);
    }
    mirror.answer = (_, response) => response.writeHead(500).end();
    const { code, stdout, stderr } = await audit(join(copy, 'registry'), '--logs', logs, '--region', 'CN-HA');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('841 leaves');
    expect((await audit(join(copy, 'registry'), '--logs', logs, '--region', 'CN-XX')).code).toBe(64);
  });

  it('interrupted it answers 130, its state is whole, and the next run goes on', async () => {
    const honest = serving(served(world));
    let reached: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => {
      reached = resolve;
    });
    mirror.answer = (path, response) => {
      if (path.includes('tile/entries/003')) reached();
      else honest(path, response);
    };
    const state = join(home.path, 'state');
    const args = [LAUNCHER, 'audit', registry(), '--root', join(home.path, 'root.json'), '--state', state];
    const child = spawn(process.execPath, args, {
      env: { HOME: home.path, PATH: process.env['PATH'] },
      stdio: 'ignore',
    });
    await stuck;
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(130);
    expect((await readdir(join(state, 'logs'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    mirror.answer = honest;
    const rest = await audit(registry());
    expect(rest.code).toBe(0);
    expect(rest.stdout).toContain('841 leaves (73 new)');
  });

  it('a state folder that nobody can make is told at once; a registry that is away, in words for an auditor', async () => {
    const args = [
      'audit',
      registry(),
      '--root',
      join(home.path, 'root.json'),
      '--state',
      '/proc/symbolon/state',
    ];
    const refused = await runCli(args, { home: home.path });
    expect(refused.code).toBe(73);
    expect(refused.stderr).toContain('--state');
    mirror.answer = (_, response) => response.writeHead(500).end();
    const away = await audit(registry());
    expect(away.code).toBe(69);
    expect(away.stderr).toContain('nothing was audited');
  });

  it('REQ-LOG-019 one file of a copy that cannot be read is told of its log, and the others go on', async () => {
    const logs = join(home.path, 'logs');
    for (const { place, store } of [world.decisions, world.registry]) {
      for (const [path, bytes] of store.files) {
        const file = join(logs, place.origin, path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, bytes);
      }
    }
    const odd = join(logs, 'log.example/registry/checkpoint');
    await rm(odd);
    await mkdir(odd);
    const { code, stdout, stderr } = await audit(registry(), '--logs', logs);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain('841 leaves (841 new)');
    expect(stdout).toMatch(
      /log\.example\/registry hashes: .*\[tile-malformed, REQ-LOG-\d+\]\n +checkpoint\n/,
    );
  });

  it('a region without a log is not said to be well, and a pipe in a copy keeps nobody waiting', async () => {
    const { code, stdout } = await audit(registry(), '--region', 'CN-BJ');
    expect(code).toBe(2);
    expect(stdout).toContain('CN-BJ names no log');
    const logs = join(home.path, 'logs');
    const copy = join(logs, 'log.example/cn-ha');
    await mkdir(copy, { recursive: true });
    await promisify(execFile)('mkfifo', [join(copy, 'checkpoint')]);
    const piped = await audit(registry(), '--logs', logs, '--region', 'CN-HA');
    expect(piped.stdout).toMatch(
      /log\.example\/cn-ha hashes: .*\[tile-malformed, REQ-LOG-\d+\]\n +checkpoint\n/,
    );
    expect(piped.stdout).not.toContain('Nothing is new');
  });

  it('without an anchor nothing is audited', async () => {
    const { code, stderr } = await runCli(['audit', registry()], { home: home.path });
    expect(stderr).toContain('[no-trust-anchor]');
    expect(code).toBe(65);
  });
});

describe('symbolon audit --monitor', () => {
  it('does not go with --json', async () => {
    const { code, stdout, stderr } = await audit(registry(), '--monitor', '--json');
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toContain('--monitor');
  });

  it('is quiet when all is well, and tells each alarm once until it changes', async () => {
    expect(await audit(registry(), '--monitor')).toEqual({ code: 0, stdout: '', stderr: '' });
    const files = new Map(served(world));
    files.delete('cn-ha/checkpoint');
    mirror.answer = serving(files);
    const alarm = await audit(registry(), '--monitor');
    expect(alarm).toMatchObject({ code: 1, stderr: '' });
    expect(alarm.stdout).toMatch(
      /^FAILED log\.example\/cn-ha hashes: .*\[log-missing, REQ-LOG-019\] 1: checkpoint\nUNCHECKED log\.example\/cn-ha: .*, rules, .*\n$/,
    );
    // Of a log that was not looked at nothing is forgotten.
    const elsewhere = await audit(registry(), '--monitor', '--region', 'CN-BJ');
    expect(elsewhere.stdout).toMatch(/^UNCHECKED registry regions: .* 1: CN-BJ names no log\n$/);
    expect(await audit(registry(), '--monitor')).toMatchObject({ code: 1, stdout: '' });
    mirror.answer = serving(served(world));
    expect(await audit(registry(), '--monitor')).toMatchObject({ code: 0, stdout: '' });
    mirror.answer = serving(files);
    expect((await audit(registry(), '--monitor')).stdout).toContain('log-missing');
  });
});

describe('symbolon audit --receipt', () => {
  beforeEach(async () => {
    const bundle = await writeBundle(await collectBundle({ read: world.fixture.files }));
    await writeFile(join(home.path, 'trust.bundle'), bundle);
    await writeFile(join(home.path, 'red.tlog-proof'), receipt);
  });
  const check = (...args: readonly string[]) =>
    audit(
      '--receipt',
      join(home.path, 'red.tlog-proof'),
      '--trust',
      join(home.path, 'trust.bundle'),
      ...args,
    );

  it('proves a decision step by step, without any network, and says what it does not prove', async () => {
    mirror.asked.length = 0;
    const { code, stdout, stderr } = await check();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('health: red, in CN-HA');
    expect(stdout).toMatch(/yes {2}the leaf is entry 810 of the 811 that it signed/);
    expect(stdout).toContain('The receipt proves the decision.');
    expect(stdout).toMatch(/does not {3}prove/);
    expect(stdout).toContain('the rule gives the level red');
    expect(stdout).toContain('2 witnesses saw it, as a decision for the worse needs');
    expect(mirror.asked).toEqual([]);
  });

  it('with an address also that the log of today begins with that tree; not when it became another', async () => {
    const { code, stdout } = await check(registry(), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ proven: true, decision: { level: 'red', index: 810 } });
    const other = await auditWorld({ founded: FOUNDED, base: mirror.url });
    await other.decisions.add(decisions(900, addHours(NOW, -1)));
    await other.decisions.witness(addHours(NOW, -1));
    const files = new Map(served(world));
    for (const [path, bytes] of other.decisions.store.files) files.set(`cn-ha/${path}`, bytes);
    mirror.answer = serving(files);
    const forked = await check(registry());
    expect(forked.code).toBe(1);
    expect(forked.stdout).toContain('[log-fork, REQ-LOG-007]');
  });

  it('REQ-LOG-005 fewer witnesses than a decision for the worse needs prove nothing', async () => {
    const lines = receipt.split('\n');
    const [last = ''] = lines.filter((line) => line.startsWith('— w.example/')).slice(-1);
    const few = lines.filter((line) => !line.startsWith('— w.example/') || line === last);
    await writeFile(join(home.path, 'red.tlog-proof'), few.join('\n'));
    const { code, stdout } = await check('--json');
    expect(code).toBe(1);
    const { proven, decision: told, steps } = JSON.parse(stdout);
    expect([proven, told]).toEqual([false, null]);
    // What would come after it is not looked at.
    expect(steps.at(-1)).toMatchObject({ is: 'failed', code: 'witnesses-too-few' });
  });

  it.each([
    ['receipt-malformed', (text: string) => text.slice(0, 40)],
    [
      'receipt-commitment',
      (text: string) => withExtra(text, (extra) => extra.replace('"sequence":1', '"sequence":2')),
    ],
    [
      'inclusion-invalid',
      (text: string) => withExtra(text, (extra) => extra.replace('"authority":"cdc"', '"authority":"cdd"')),
    ],
    ['inclusion-invalid', (text: string) => text.replace(/^index \d+$/m, 'index 3')],
    ['log-origin', (text: string) => text.replace('\n\nlog.example/cn-ha\n', '\n\nlog.example/registry\n')],
  ])('%s: says which step does not hold', async (code, bend) => {
    await writeFile(join(home.path, 'red.tlog-proof'), bend(receipt));
    const result = await check();
    expect(result.code).toBe(1);
    expect(result.stdout).toContain(`[${code}`);
    expect(result.stdout).toContain('The receipt does NOT prove the decision.');
  });
});

function withExtra(text: string, change: (extra: string) => string): string {
  return text.replace(
    /^extra (.*)$/m,
    (_, extra: string) =>
      `extra ${Buffer.from(change(Buffer.from(extra, 'base64').toString())).toString('base64')}`,
  );
}
