import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addHours, parseInstant } from '@symbolon/protocol/instant';
import type { ClientState } from '@symbolon/registry/client-state';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { raiseState, readState } from './trust-folder.ts';

const NOW = parseInstant('2026-09-07T08:00:00Z');
const LIST = 'https://status.bj.example/lists/500000';
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-state-'));
  path = join(folder, 'state.json');
});
afterEach(() => rm(folder, { recursive: true }));

const state = (changes: Partial<ClientState> = {}): ClientState => ({
  pinnedRootSha256: 'ab'.repeat(32),
  root: '{}',
  rootVersion: 1,
  timestampVersion: 7,
  snapshotVersion: 3,
  roleVersions: {},
  newestSignedAt: NOW,
  ruleHashes: {},
  lateRules: {},
  keysSeenAt: {},
  keyLeads: {},
  leads: [],
  revokedKeys: {},
  listIssuedAt: {},
  ...changes,
});

describe('the state that several commands keep', () => {
  it('REQ-REG-005 is not taken back by a slower command', async () => {
    await raiseState(path, state({ timestampVersion: 8 }));
    await raiseState(path, state());
    expect((await readState(path))?.timestampVersion).toBe(8);
  });

  it.each([
    ['the same registry', 7],
    ['an older one', 6],
  ])('REQ-STA-009 keeps the newest list that either has seen, also by %s', async (_, timestampVersion) => {
    await raiseState(path, state({ listIssuedAt: { [LIST]: addHours(NOW, 2) } }));
    await raiseState(path, state({ timestampVersion, listIssuedAt: { [LIST]: NOW, other: NOW } }));
    expect((await readState(path))?.listIssuedAt).toEqual({ [LIST]: addHours(NOW, 2), other: NOW });
  });

  it('REQ-KEY-005 keeps a revocation that either has seen', async () => {
    const revoked = { since: NOW, reason: 'leaked', until: addHours(NOW, 24) };
    await raiseState(path, state({ revokedKeys: { 'CN-BJ/aaaaaaaaaaa': revoked } }));
    await raiseState(path, state({ timestampVersion: 9 }));
    expect((await readState(path))?.revokedKeys).toEqual({ 'CN-BJ/aaaaaaaaaaa': revoked });
  });

  it.each([9, 6])(
    'REQ-LOG-008 keeps the larger tree that either has seen of a log (timestamp %i)',
    async (timestampVersion) => {
      const anchor = (size: number, origin = 'registry.example/log') => ({
        logAnchor: { origin, size, root: `${'A'.repeat(43)}=`, witnessedAt: NOW },
      });
      await raiseState(path, state(anchor(5)));
      await raiseState(path, state({ timestampVersion, ...anchor(4) }));
      expect((await readState(path))?.logAnchor?.size).toBe(5);
      await raiseState(path, state({ timestampVersion }));
      expect((await readState(path))?.logAnchor?.size).toBe(5);
      await raiseState(path, state({ timestampVersion: 12, ...anchor(1, 'registry.example/next') }));
      expect((await readState(path))?.logAnchor).toMatchObject(anchor(1, 'registry.example/next').logAnchor);
    },
  );

  it('is whole, whoever writes at the same time, and nothing is left over', async () => {
    await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map((version) => raiseState(path, state({ rootVersion: version }))),
    );
    expect(await readState(path)).toBeDefined();
    expect(await readdir(folder)).toEqual(['state.json']);
  });
});
