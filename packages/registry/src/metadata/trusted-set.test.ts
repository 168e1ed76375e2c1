import { sha256 } from '@symbolon/keys/digest';
import type { Signer } from '@symbolon/keys/signer';
import { type Bytes, fromUtf8, toHex } from '@symbolon/protocol/bytes';
import { formatInstant } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { createRoot, rotateRoot } from '../ceremony/root.ts';
import { cosign, unsigned } from '../ceremony/sign.ts';
import {
  ADMINS,
  authority,
  later,
  NOW,
  ROOT_ROLES,
  SNAPSHOT as SNAPSHOT_KEY,
  signer,
  TIMESTAMP as TIMESTAMP_KEY,
} from '../testing/small-registry.ts';
import { authorityOf } from './threshold.ts';
import {
  acceptSnapshot,
  acceptTargets,
  acceptTimestamp,
  advanceRoot,
  type RootTrust,
  type Seen,
  trustRoot,
} from './trusted-set.ts';

const FIRST = await createRoot({ roles: ROOT_ROLES, signers: ADMINS, now: NOW });
const fresh = await signer('fresh');
const online = { now: NOW, expiry: 'online' } as const;

async function timestamp(trust: RootTrust, change: object = {}): Promise<Bytes> {
  const signed = {
    _type: 'timestamp',
    spec_version: '1.0.31',
    version: 5,
    expires: formatInstant(later(1)),
    signedAt: formatInstant(NOW),
    meta: { 'snapshot.json': { version: 3 } },
    ...change,
  };
  return cosign(
    unsigned(signed),
    [TIMESTAMP_KEY],
    authorityOf(trust.root, trust.root.signed.roles.timestamp),
  );
}

async function snapshot(trust: RootTrust, change: object = {}): Promise<Bytes> {
  const signed = {
    _type: 'snapshot',
    spec_version: '1.0.31',
    version: 3,
    expires: formatInstant(later(7)),
    meta: { 'targets.json': { version: 2 }, 'CN-HA.json': { version: 4 } },
    ...change,
  };
  return cosign(unsigned(signed), [SNAPSHOT_KEY], authorityOf(trust.root, trust.root.signed.roles.snapshot));
}

const seen = (change: Partial<Seen> = {}): Seen => ({
  timestampVersion: 5,
  snapshotVersion: 3,
  roleVersions: { 'targets.json': 2, 'CN-HA.json': 4 },
  ...change,
});

describe('root (TUF 1.0, section 5.3)', () => {
  it('REQ-REG-004 a pinned root is signed as it says itself', async () => {
    expect((await trustRoot(FIRST)).root.signed.version).toBe(1);
    const trust = await trustRoot(FIRST);
    const bare = unsigned(trust.root.raw);
    await expect(trustRoot(bare)).rejects.toMatchObject({ code: 'metadata-signatures' });
  });

  it('REQ-REG-004 the next one is signed by the old threshold and by its own', async () => {
    const trust = await trustRoot(FIRST);
    const roles = { root: authority([fresh, ...ADMINS.slice(1)], 2) };
    const next = await rotateRoot({ current: FIRST, roles, signers: [fresh, ...ADMINS], now: NOW });
    const advanced = await advanceRoot(trust, next);
    expect(advanced.root.signed.version).toBe(2);
    const without = (signers: readonly Signer[]) =>
      cosign(unsigned(advanced.root.raw), signers, {
        keys: new Map([...trust.root.keys, ...advanced.root.keys]),
        keyids: [...trust.root.keys.keys(), ...advanced.root.keys.keys()],
        threshold: 1,
      });
    const [gone, kept] = ADMINS;
    if (gone === undefined || kept === undefined) throw new TypeError('admins');
    // By the old alone: gone and kept. By the new alone: fresh and kept.
    for (const signers of [[gone, kept], [fresh, kept], [fresh], []]) {
      await expect(advanceRoot(trust, await without(signers))).rejects.toMatchObject({
        code: 'metadata-signatures',
      });
    }
    await advanceRoot(trust, await without([gone, kept, fresh]));
  });

  it('REQ-REG-005 versions go up one by one', async () => {
    const trust = await trustRoot(FIRST);
    const second = await rotateRoot({ current: FIRST, roles: {}, signers: ADMINS, now: NOW });
    const third = await rotateRoot({ current: second, roles: {}, signers: ADMINS, now: NOW });
    await expect(advanceRoot(trust, third)).rejects.toMatchObject({ code: 'metadata-mismatch' });
    await expect(advanceRoot(trust, FIRST)).rejects.toMatchObject({ code: 'metadata-rollback' });
    const newest = await advanceRoot(await advanceRoot(trust, second), third);
    await expect(advanceRoot(newest, second)).rejects.toMatchObject({ code: 'metadata-rollback' });
  });

  it.each([
    ['timestamp keys replaced', { timestamp: authority([fresh]) }, true],
    ['snapshot keys replaced', { snapshot: authority([fresh]) }, true],
    ['a timestamp key dropped', { timestamp: authority([fresh, SNAPSHOT_KEY]) }, true],
    ['a timestamp threshold raised', { timestamp: authority([TIMESTAMP_KEY, fresh], 2) }, true],
    ['a timestamp key added', { timestamp: authority([TIMESTAMP_KEY, fresh], 1) }, false],
    ['targets keys replaced', { targets: authority([fresh]) }, false],
    ['nothing', {}, false],
  ])('REQ-REG-005 what was seen is forgotten with: %s', async (_what, roles, forgotten) => {
    const next = await rotateRoot({ current: FIRST, roles, signers: ADMINS, now: NOW });
    const advanced = await advanceRoot(await trustRoot(FIRST, seen()), next);
    expect(advanced.rotated).toBe(forgotten);
    expect(advanced.seen.timestampVersion).toBe(forgotten ? 0 : 5);
    // And stays forgotten on the way to the newest root.
    const last = await rotateRoot({ current: next, roles: {}, signers: ADMINS, now: NOW });
    expect((await advanceRoot(advanced, last)).rotated).toBe(forgotten);
  });
});

describe('REQ-REG-005 a key id of an online role that is no key’s', () => {
  it('may go: nobody could sign by it, so nothing that was seen is forgotten with it', async () => {
    const { raw } = (await trustRoot(FIRST)).root;
    const { timestamp: role, ...others } = Object(raw['roles']);
    const haunted = { ...role, keyids: [...role.keyids, '0'.repeat(64)] };
    const all = authorityOf((await trustRoot(FIRST)).root, (await trustRoot(FIRST)).root.signed.roles.root);
    const signed = (version: number, timestamp: object) =>
      cosign(unsigned({ ...raw, version, roles: { ...others, timestamp } }), ADMINS, all);
    const first = await trustRoot(await signed(1, haunted), seen());
    const next = await advanceRoot(first, await signed(2, role));
    expect([next.rotated, next.seen.timestampVersion]).toEqual([false, 5]);
  });
});

describe('timestamp (section 5.4)', () => {
  it.each([
    ['an older timestamp', seen({ timestampVersion: 6 }), 'metadata-rollback'],
    ['an older snapshot', seen({ snapshotVersion: 4 }), 'metadata-rollback'],
  ])('REQ-REG-005 refuses %s', async (_what, before, code) => {
    const trust = await trustRoot(FIRST, before);
    await expect(acceptTimestamp(trust, await timestamp(trust), online)).rejects.toMatchObject({ code });
  });

  it('REQ-REG-005 accepts the same version again', async () => {
    const trust = await trustRoot(FIRST, seen());
    expect((await acceptTimestamp(trust, await timestamp(trust), online)).timestamp.signed.version).toBe(5);
  });

  it('REQ-REG-006 the last second counts: at its expiry it has expired', async () => {
    const trust = await trustRoot(FIRST);
    const bytes = await timestamp(trust);
    const at = (now: typeof NOW, expiry: 'online' | 'offline') =>
      acceptTimestamp(trust, bytes, { now, expiry });
    await at(later(0.5), 'online');
    await expect(at(later(1), 'online')).rejects.toMatchObject({ code: 'metadata-expired' });
    await at(later(1), 'offline');
  });

  it('REQ-REG-006 online, an expired root ends here', async () => {
    const trust = await trustRoot(FIRST);
    const bytes = await timestamp(trust, { expires: formatInstant(later(400)) });
    const reading = { now: later(366), expiry: 'online' } as const;
    await expect(acceptTimestamp(trust, bytes, reading)).rejects.toMatchObject({ code: 'metadata-expired' });
    await acceptTimestamp(trust, bytes, { ...reading, expiry: 'offline' });
  });
});

describe('snapshot (section 5.5)', () => {
  async function accept(before: Seen | undefined, bytes: (trust: RootTrust) => Promise<Bytes>, now = NOW) {
    const trust = await trustRoot(FIRST, before);
    const stamped = await acceptTimestamp(
      trust,
      await timestamp(trust, { expires: formatInstant(later(30)) }),
      { now, expiry: 'online' },
    );
    return acceptSnapshot(stamped, await bytes(trust), { now, expiry: 'online' });
  }

  it.each([
    ['a role is older', { 'targets.json': { version: 1 }, 'CN-HA.json': { version: 4 } }],
    ['a delegated role is older', { 'targets.json': { version: 2 }, 'CN-HA.json': { version: 3 } }],
    ['a role is gone', { 'targets.json': { version: 2 } }],
  ])('REQ-REG-005 refuses one in which %s', async (_what, meta) => {
    await expect(accept(seen(), (trust) => snapshot(trust, { meta }))).rejects.toMatchObject({
      code: 'metadata-rollback',
    });
    expect((await accept(undefined, (trust) => snapshot(trust, { meta }))).snapshot.signed.version).toBe(3);
  });

  it('REQ-REG-007 refuses another version than the timestamp says', async () => {
    await expect(accept(seen(), (trust) => snapshot(trust, { version: 4 }))).rejects.toMatchObject({
      code: 'metadata-mismatch',
    });
  });

  it('REQ-REG-004 refuses one that its key did not sign, though the timestamp points to it', async () => {
    await expect(
      accept(undefined, async (trust) => {
        const { signed } = JSON.parse(fromUtf8(await snapshot(trust)));
        return cosign(unsigned(signed), [TIMESTAMP_KEY], {
          keys: trust.root.keys,
          keyids: [...trust.root.keys.keys()],
          threshold: 1,
        });
      }),
    ).rejects.toMatchObject({ code: 'metadata-signatures' });
  });

  it('REQ-REG-006 refuses an expired one online', async () => {
    await expect(accept(seen(), snapshot, later(7))).rejects.toMatchObject({ code: 'metadata-expired' });
  });

  it('REQ-REG-007 a role file is the one that it lists: by hash, by length and by version', async () => {
    const file = (version: number, note: string) => {
      const signed = { _type: 'targets', spec_version: '1.0.31', targets: {}, note, version };
      const expires = formatInstant(later(1));
      return cosign(unsigned({ ...signed, expires }), ADMINS, targetsOf(trust.root));
    };
    const targetsOf = (root: RootTrust['root']) => authorityOf(root, root.signed.roles.targets);
    const trust = await trustRoot(FIRST);
    // Both were signed by the admins, under one version.
    const [one, other, next] = [await file(2, 'one'), await file(2, 'two'), await file(3, 'one')];
    const under = async (described: object, bytes: Bytes) => {
      const meta = { 'targets.json': { version: 2, ...described } };
      const listed = await accept(undefined, (root) => snapshot(root, { meta }));
      return acceptTargets(listed, 'targets', targetsOf(listed.root), bytes, online);
    };
    const mismatch = { code: 'metadata-mismatch' };
    const byHash = { hashes: { sha256: toHex(sha256(one)) } };
    expect((await under(byHash, one)).signed.version).toBe(2);
    await expect(under(byHash, other)).rejects.toMatchObject(mismatch);
    await expect(under({ length: one.length + 1 }, one)).rejects.toMatchObject(mismatch);
    expect((await under({}, other)).signed.version).toBe(2);
    await expect(under({}, next)).rejects.toMatchObject(mismatch);
  });

  it('REQ-REG-008 a role that it does not list is missing', async () => {
    const trust = await accept(undefined, snapshot);
    const targets = authorityOf(trust.root, trust.root.signed.roles.targets);
    await expect(acceptTargets(trust, 'CN-XX', targets, new Uint8Array(), online)).rejects.toMatchObject({
      code: 'metadata-missing',
    });
  });
});
