import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkpointText, signCheckpoint } from '@symbolon/log/checkpoint';
import { packEntries, unpackEntries } from '@symbolon/log/entry-bundle';
import { encodeLeaf } from '@symbolon/log/leaf';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { WINDOW } from '@symbolon/protocol/limits';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stateFolder } from '../../packages/cli/src/audit/state-folder.ts';
import {
  type AuditWorld,
  auditWorld,
  dayAfter,
  decision,
  decisions,
  FOUNDED,
} from '../support/audit-world.ts';
import { type Auditor, auditorOf, found } from '../support/auditor.ts';
import { seededSigner } from '../support/federation-fixture.ts';

/** `symbolon audit`: whether a log is what it signed, and what it was. */

const DAY3 = dayAfter(FOUNDED, 3);
let folder: string;
let world: AuditWorld;
let auditor: Auditor;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-audit-'));
  world = await auditWorld();
  auditor = auditorOf(folder, world);
  await world.logPublications(DAY3);
  await grow(700);
});
afterEach(() => rm(folder, { recursive: true }));

async function grow(count: number, at = DAY3): Promise<void> {
  await world.decisions.add(decisions(count, at));
  await world.decisions.witness(at);
}

async function bytesAt(path: string): Promise<Bytes> {
  const bytes = await world.decisions.store.read(path);
  if (bytes === undefined) throw new TypeError(`no ${path}`);
  return bytes;
}

/** The same log, signed by its own key, with another history. */
async function otherHistory(count: number): Promise<ReadonlyMap<string, Bytes>> {
  const other = await auditWorld();
  await other.decisions.add(Array.from({ length: count }, (_, i) => decision(DAY3, `other ${i}`)));
  await other.decisions.witness(DAY3);
  return other.decisions.store.files;
}

async function show(files: ReadonlyMap<string, Bytes>): Promise<void> {
  for (const path of world.decisions.store.files.keys()) auditor.shown.set(path, undefined);
  for (const [path, bytes] of files) auditor.shown.set(path, bytes);
}

describe('an audit of a log', () => {
  it('finds nothing where all is well; a second one reads nothing again', async () => {
    const first = await auditor.audit(DAY3);
    expect(found(first)).toEqual([]);
    expect(first.verdict).toBe('ok');
    expect(first.logs.map(({ read, size }) => [read, size])).toEqual([
      [1, 1],
      [700, 700],
    ]);
    const again = await auditor.audit(addHours(DAY3, 1));
    expect(again.logs.map(({ read }) => read)).toEqual([0, 0]);
    expect(auditor.asked.filter((path) => path.startsWith('tile/'))).toEqual([]);
    expect(again.logs[1]?.decisions.map(({ count }) => count)).toEqual([700]);
  });

  it('of 1,000 new leaves fetches O(log n) more than the leaves', async () => {
    await grow(20_000);
    await auditor.audit(DAY3);
    await grow(1_000);
    const { logs } = await auditor.audit(DAY3);
    expect(logs[1]?.read).toBe(1_000);
    const entries = auditor.asked.filter((path) => path.startsWith('tile/entries/'));
    const others = auditor.asked.filter((path) => !path.startsWith('tile/entries/'));
    expect(entries.length).toBeLessThanOrEqual(Math.ceil(1_000 / 256) + 1);
    // Their own hashes, the two checkpoints, the edge, and what the consistency proofs take.
    expect(others.length - entries.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(21_700)));
  });

  it('goes on where it was stopped, at whatever leaf, and comes to the same', async () => {
    const whole = await auditorOf(join(folder, 'whole'), world).audit(DAY3);
    let bundles = 0;
    const stopped = await auditor.audit(DAY3, () => ++bundles > 4);
    expect(stopped.logs[1]?.read).toBe(512);
    const rest = await auditor.audit(DAY3);
    expect(found(rest)).toEqual([]);
    expect((stopped.logs[1]?.read ?? 0) + (rest.logs[1]?.read ?? 0)).toBe(700);
    expect(rest.logs[1]?.decisions).toEqual(whole.logs[1]?.decisions);
  });

  it('REQ-LOG-007 tells another history, and keeps both checkpoints', async () => {
    await auditor.audit(DAY3);
    await show(await otherHistory(900));
    const report = await auditor.audit(DAY3);
    expect(found(report)).toEqual(['consistency failed log-fork 1: size 700, now 900']);
    expect(report.logs[1]?.evidence).toHaveLength(2);
    const kept = await readdir(join(folder, 'evidence'));
    expect(kept.toSorted()).toEqual(report.logs[1]?.evidence.toSorted());
    // What was believed stays: the honest log goes on.
    auditor.shown.clear();
    await grow(10);
    expect(found(await auditor.audit(DAY3))).toEqual([]);
  });

  it('REQ-LOG-007 tells another history of the same size', async () => {
    await auditor.audit(DAY3);
    await show(await otherHistory(700));
    expect(found(await auditor.audit(DAY3))).toEqual(['consistency failed log-fork 1: size 700, now 700']);
  });

  it('REQ-LOG-008 tells that it became shorter', async () => {
    await auditor.audit(DAY3);
    await show(await otherHistory(300));
    expect(found(await auditor.audit(DAY3))).toEqual([
      'consistency failed log-truncated 1: size 700, now 300',
    ]);
  });

  it('REQ-LOG-011 tells a rewritten leaf by its index, again each time, until it is right', async () => {
    const path = 'tile/entries/001';
    const entries = [...unpackEntries(await bytesAt(path), 256)];
    entries[44] = encodeLeaf(decision(DAY3, 'another'));
    auditor.shown.set(path, packEntries(entries));
    for (let run = 0; run < 2; run++) {
      const report = await auditor.audit(DAY3);
      expect(found(report)).toEqual(['hashes failed leaf-rewritten 1: leaf 300']);
      expect(report.verdict).toBe('failed');
      // What comes after was not looked at to its end.
      expect(
        report.logs[1]?.checks.filter(({ verdict }) => verdict === 'ok').map(({ check }) => check),
      ).toEqual(['consistency', 'signature', 'cosignatures', 'freshness']);
      // The others are counted all the same.
      expect(report.logs[1]?.decisions.map(({ count }) => count)).toEqual([699]);
    }
    auditor.shown.clear();
    const healed = await auditor.audit(DAY3);
    expect(found(healed)).toEqual([]);
    expect(healed.logs[1]?.decisions.map(({ count }) => count)).toEqual([700]);
  });

  it.each([
    [
      'a hash',
      'tile/0/001',
      (bytes: Bytes) => Uint8Array.from(bytes, (byte, i) => (i === 40 ? byte ^ 1 : byte)),
      'leaves from 256',
    ],
    ['the length of a tile', 'tile/0/000', (bytes: Bytes) => bytes.slice(0, -1), 'leaves from 0'],
    ['the length of a bundle', 'tile/entries/001', (bytes: Bytes) => bytes.slice(0, -1), 'leaves from 256'],
  ])('REQ-LOG-010 tells %s that is wrong', async (_, path, bend, place) => {
    auditor.shown.set(path, bend(await bytesAt(path)));
    expect(found(await auditor.audit(DAY3))).toEqual([`hashes failed tile-malformed 1: ${place}`]);
  });

  it('REQ-LOG-019 tells what cannot be had, keeps what it read, and goes on later', async () => {
    auditor.shown.set('tile/entries/002.p/188', undefined);
    const report = await auditor.audit(DAY3);
    expect(found(report)).toEqual(['hashes failed log-missing 1: log']);
    auditor.shown.clear();
    const later = await auditor.audit(DAY3);
    expect(found(later)).toEqual([]);
    expect(later.logs[1]?.read).toBe(188);
    auditor.shown.set('checkpoint', undefined);
    expect(found(await auditor.audit(DAY3))).toEqual(['hashes failed log-missing 1: checkpoint']);
  });

  it('REQ-LOG-001 tells an entry that is no leaf, and remembers it', async () => {
    const odd = utf8('{"kind":"note","v":1}');
    await world.decisions.addBytes([odd]);
    await world.decisions.witness(DAY3);
    for (let run = 0; run < 2; run++)
      expect(found(await auditor.audit(DAY3))).toEqual(['leaf-form failed leaf-malformed 1: leaf 700']);
  });
});

describe('an audit of checkpoints', () => {
  it.each([
    [25, []],
    [26, ['freshness warning checkpoint-stale 1: 26 hours']],
    [96, ['freshness failed checkpoint-stale 1: 96 hours']],
  ])('REQ-LOG-009 judges how long ago witnesses saw it: %i hours', async (hours, expected) => {
    const now = addHours(DAY3, hours);
    await world.registry.witness(now);
    expect(found(await auditor.audit(now))).toEqual(expected);
  });

  it('REQ-LOG-005 what witnesses have not seen is ok for an hour, whatever smaller they see', async () => {
    await auditor.audit(DAY3);
    await world.decisions.add(decisions(5, DAY3));
    const none = ['w.example/1', 'w.example/2', 'w.example/3'];
    const cases = [
      [0, []],
      [1, ['cosignatures warning witnesses-too-few 1: leaves from 700 on']],
      [96, ['cosignatures failed witnesses-too-few 1: leaves from 700 on']],
    ] as const;
    for (const [hours, expected] of cases) {
      const now = addHours(DAY3, hours);
      const other = await auditWorld();
      await other.decisions.add(decisions(700, DAY3));
      await other.decisions.witness(now);
      auditor.shown.set('witnessed', other.decisions.store.files.get('witnessed'));
      await world.decisions.witness(now, none);
      await world.registry.witness(now);
      const report = await auditor.audit(now);
      expect(found(report)).toEqual(expected);
      expect(report.logs[1]).toMatchObject({ size: 705, witnessedSize: 700, witnessedAt: now });
    }
  });

  it('REQ-LOG-005 tells too few witnesses; goes by the newest checkpoint that has enough', async () => {
    await world.decisions.add(decisions(5, DAY3));
    await world.decisions.witness(DAY3, ['w.example/1', 'w.example/2']);
    expect(found(await auditor.audit(DAY3))).toEqual([]);
    auditor.shown.set('witnessed', undefined);
    expect(found(await auditor.audit(DAY3))).toEqual(['cosignatures failed witnesses-too-few 1: 1 of 2']);
  });

  it('REQ-LOG-005 does not count a cosignature from the future', async () => {
    await grow(1, addSeconds(DAY3, 2 * WINDOW.witnessAheadSeconds));
    const inTime = addSeconds(DAY3, WINDOW.witnessAheadSeconds);
    const { logs } = await auditor.audit(inTime);
    expect(logs[1]).toMatchObject({ witnessedAt: addSeconds(inTime, WINDOW.witnessAheadSeconds) });
    const early = auditorOf(join(folder, 'early'), world);
    expect(found(await early.audit(addSeconds(inTime, -1)))).toContain(
      'cosignatures failed witnesses-too-few 1: 0 of 2',
    );
  });

  it('REQ-LOG-004, REQ-LOG-003, REQ-LOG-002 tells a checkpoint of another key, of another log, and none', async () => {
    const { key } = world.decisions;
    const text = checkpointText(key.name, { size: 1, root: new Uint8Array(32) });
    const thief = await seededSigner('a thief', 'EdDSA');
    const signed = async (of: string, signer = world.decisions.signer) =>
      utf8(await signCheckpoint(of, key, signer));
    auditor.shown.set('witnessed', undefined);
    const cases = [
      ['log-signature', await signed(text, thief)],
      [
        'log-origin',
        await signed(checkpointText('log.example/other', { size: 1, root: new Uint8Array(32) })),
      ],
      ['checkpoint-malformed', utf8('nothing')],
    ] as const;
    for (const [code, note] of cases) {
      auditor.shown.set('checkpoint', note);
      expect(found(await auditor.audit(DAY3))).toEqual([`signature failed ${code} 1: checkpoint`]);
    }
  });

  it('REQ-LOG-016 tells a cosignature by a known witness that is not right', async () => {
    const note = new TextDecoder().decode(await bytesAt('checkpoint'));
    const bent = note.replace(/(?<=— w\.example\/3 )\S+/, (encoded) => {
      const bytes = Buffer.from(encoded, 'base64');
      bytes[40] = (bytes[40] ?? 0) ^ 1;
      return bytes.toString('base64');
    });
    auditor.shown.set('checkpoint', utf8(bent));
    expect(found(await auditor.audit(DAY3))).toEqual([
      'cosignatures failed cosignature-invalid 1: checkpoint',
    ]);
  });
});

describe('a log without a checkpoint', () => {
  it('that never had one has nothing logged yet, and no check of it is ok', async () => {
    auditor.shown.set('checkpoint', undefined);
    auditor.shown.set('witnessed', undefined);
    const report = await auditor.audit(DAY3);
    expect(found(report)).toEqual([
      'hashes unchecked undefined 1: there is no checkpoint: nothing is logged yet',
    ]);
    expect(report.verdict).toBe('unchecked');
    expect(new Set(report.logs[1]?.checks.map(({ verdict }) => verdict))).toEqual(new Set(['unchecked']));
  });
});

describe('what an auditor remembers', () => {
  it('is not written over by an audit that began before another one ended', async () => {
    await auditor.audit(DAY3);
    const { origin } = world.decisions.place;
    const [first, second] = [stateFolder(folder), stateFolder(folder)];
    const [before, known] = [await first.log(origin), await second.log(origin)];
    await second.save({ ...known, uncounted: 1 });
    await second.save(known);
    await expect(first.save(before)).rejects.toThrow('Another audit');
    expect(found(await auditor.audit(DAY3))).toEqual([]);
  });

  const stateOf = async (name: string) =>
    join(folder, 'logs', (await readdir(join(folder, 'logs'))).find((each) => each.startsWith(name)) ?? '');

  it('REQ-AUD-006 is refused when it cannot be read, or is of another log', async () => {
    await auditor.audit(DAY3);
    const [own, other] = [await stateOf('log_example_cn-ha'), await stateOf('log_example_registry')];
    const text = await readFile(own, 'utf8');
    for (const bad of [
      '',
      text.slice(0, 100),
      text.slice(0, text.indexOf('\n') + 1),
      text.replace('"size":700', '"size":701'),
      await readFile(other, 'utf8'),
    ]) {
      await writeFile(own, bad);
      await expect(auditor.audit(DAY3)).rejects.toMatchObject({ code: 'audit-state-malformed' });
    }
    await writeFile(own, text);
    expect(found(await auditor.audit(DAY3))).toEqual([]);
  });
});
