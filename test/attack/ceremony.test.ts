import { sha256 } from '@symbolon/keys/digest';
import type { Signer } from '@symbolon/keys/signer';
import { type Bytes, fromUtf8, toHex, utf8 } from '@symbolon/protocol/bytes';
import { addHours, formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { Change } from '@symbolon/registry/ceremony/changes/change';
import { type Draft, openDraft } from '@symbolon/registry/ceremony/draft';
import { checkEvent } from '@symbolon/registry/ceremony/event/check-event';
import { diffEvent } from '@symbolon/registry/ceremony/event/diff-event';
import { eventFiles } from '@symbolon/registry/ceremony/event/event-files';
import { proposeEvent } from '@symbolon/registry/ceremony/event/propose-event';
import { readEvent } from '@symbolon/registry/ceremony/event/read-event';
import { sealEvent } from '@symbolon/registry/ceremony/event/seal-event';
import { signEvent } from '@symbolon/registry/ceremony/event/sign-event';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { publish, storeFiles } from '@symbolon/registry/ceremony/publish';
import { jsonFile } from '@symbolon/registry/json-file';
import { openRegistry } from '@symbolon/registry/open-registry';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  authorityOf,
  buildFederation,
  delegationTo,
  type FederationFixture,
  FIXTURE_NOW,
  regionSigners,
  seededSigner,
} from '../support/federation-fixture.ts';
import { keyId, keyObject, objectIn, signatureBy, signedOf } from '../support/forged-registry.ts';

/**
 * Attack stories on the signing of the registry (style, 22). Each begins with a legitimate event that is published, and a client that moved. Then someone
 * tampers with an event on its way: its maker, one who carries it, one admin, a thief of the online keys, a region. The publisher is asked, and refuses; the
 * client's next look shows that nothing came through.
 */

const T1 = addHours(FIXTURE_NOW, 1);
const T2 = addHours(FIXTURE_NOW, 2);

let fixture: FederationFixture;
let moved: { readonly version: number; readonly content: string };
const attacker = await seededSigner('an attacker');

beforeEach(async () => {
  fixture = await buildFederation();
  const first = await look();
  const next = await seededSigner('CN-BJ next');
  const change: Change = { change: 'add-key', region: 'CN-BJ', use: 'credential', jwk: next.publicJwk };
  const event = await signed(await propose([change]), [fixture.regions['CN-BJ'].keys]);
  await publish(fixture.store, await seal(event, T1));
  moved = await look();
  expect([first.version, moved.version]).toEqual([1, 2]);
  expect(moved.content).toContain(next.kid);
});

async function look(now = T1) {
  const { store, pinnedRoot } = fixture;
  const { view } = await openRegistry({ read: store.files, pinnedRoot, now, expiry: 'offline' });
  const { version, signedAt: _signedAt, ...content } = view;
  return { version, content: JSON.stringify(content) };
}

function published(now: Instant = T1): Promise<Draft> {
  return openDraft({ read: storeFiles(fixture.store), pinnedRoot: fixture.pinnedRoot, now });
}

async function propose(changes: readonly Change[], now: Instant = T1): Promise<SigningEvent> {
  return proposeEvent(await published(now), changes, { title: 'a change', now });
}

async function signed(event: SigningEvent, signers: readonly Signer[]): Promise<SigningEvent> {
  return signEvent(event, await published(), signers);
}

async function seal(event: SigningEvent, now: Instant = T2) {
  const { snapshot, timestamp } = fixture;
  return sealEvent(event, await published(now), { snapshot: [snapshot], timestamp: [timestamp] }, now);
}

/** What the publisher says of the files of an event, as they arrive. Nothing is published. */
async function refusal(files: ReadonlyMap<string, Bytes>, now: Instant = T2): Promise<string> {
  const code = await (async () => seal(readEvent(files), now))().then(
    async (publication) => {
      await publish(fixture.store, publication);
      return 'published';
    },
    (error) => error.code,
  );
  if (code !== 'published') expect(await look()).toEqual(moved);
  return code;
}

type Files = Map<string, Bytes>;

/** Files of an event in which one metadata file says something else, as one who carries it could write it. */
function rewritten(
  files: ReadonlyMap<string, Bytes>,
  path: string,
  from: string | RegExp,
  to: string,
): Files {
  return new Map([...files, [path, utf8(fromUtf8(files.get(path) ?? utf8('')).replace(from, to))]]);
}

const renewal = (role: string): Change => ({ change: 'renew', role });

describe('whoever carries an event', () => {
  it('REQ-CER-011 changes what was signed: the signatures are not of that', async () => {
    const event = await signed(await propose([renewal('targets')]), fixture.admins);
    const files = eventFiles(event);
    expect(
      await refusal(rewritten(files, 'metadata/2.targets.json', '"threshold": 2', '"threshold": 1')),
    ).toBe('event-unsigned');
    expect(await refusal(files)).toBe('published');
  });

  it('REQ-CER-001 swaps the content of a file: it is not the one that was signed', async () => {
    const note = new Map([['notes/a.json', jsonFile({ pay: 'Alice' })]]);
    const event = await signed(
      await propose([{ change: 'put', role: 'targets', files: note }]),
      fixture.admins,
    );
    const files = eventFiles(event);
    const path = [...files.keys()].find((each) => each.startsWith('targets/')) ?? '';
    expect(await refusal(rewritten(files, path, 'Alice', 'Mallory'))).toBe('event-malformed');
    expect(await refusal(new Map([...files].filter(([each]) => each !== path)))).toBe('event-malformed');
  });

  it('REQ-CER-012, REQ-REG-020 brings an old event again: it was published, or is overtaken', async () => {
    const event = eventFiles(await signed(await propose([renewal('targets')]), fixture.admins));
    const overtaken = eventFiles(
      await signed(await propose([renewal('CN-HA')]), fixture.regions['CN-HA'].admins),
    );
    await publish(fixture.store, await seal(readEvent(event), T1));
    const newer = await signed(await propose([renewal('CN-HA')], T2), fixture.regions['CN-HA'].admins);
    await publish(fixture.store, await seal(newer));
    moved = await look();
    expect(await refusal(event)).toBe('event-published');
    expect(await refusal(overtaken)).toBe('publication-conflict');
  });

  it('REQ-CER-009, REQ-CER-011 puts in signatures of strangers, or one admin’s twice', async () => {
    const [one] = fixture.admins;
    if (one === undefined) throw new TypeError('admins');
    const event = await signed(await propose([renewal('targets')]), [one]);
    const files = eventFiles(event);
    const raw = signedOf(files.get('metadata/2.targets.json'));
    const alias = keyId(keyObject(one, { note: 'the same key' }));
    for (const forged of [await signatureBy(attacker, raw), await signatureBy(one, raw, alias)]) {
      const path = `signatures/2.targets.${forged['keyid']}.json`;
      expect(await refusal(new Map([...files, [path, jsonFile(forged)]]))).toBe('event-unsigned');
    }
    await expect(signed(event, [attacker])).rejects.toMatchObject({ code: 'signer-unknown' });
  });

  it('REQ-CER-001 makes it endless, or hides more in it', async () => {
    const files = eventFiles(await propose([renewal('targets')]));
    expect(await refusal(new Map([...files, ['targets/x', new Uint8Array(64 * 1024 * 1024)]]))).toBe(
      'event-malformed',
    );
    for (const path of [
      '.git/hooks/pre-commit',
      '../outside',
      'metadata/timestamp.json',
      'metadata/9.snapshot.json',
    ]) {
      expect(await refusal(new Map([...files, [path, utf8('{}')]]))).toBe('event-malformed');
    }
  });
});

describe('whoever makes an event, with a tool of their own', () => {
  it('tells another story than the files: what is shown to the admins comes from the files', async () => {
    const { admins, keys } = await regionSigners('CN-XX');
    const add: Change = {
      change: 'add-region',
      ...delegationTo('CN-XX', { ...fixture.regions['CN-BJ'], admins, keys }),
    };
    const files = new Map(eventFiles(await propose([add])));
    const json = JSON.parse(fromUtf8(files.get('event.json') ?? utf8('{}')));
    const story = { ...json, title: 'A yearly renewal', changes: [{ change: 'renew', role: 'targets' }] };
    files.set('event.json', jsonFile(story));
    files.set('DIFF.md', utf8('# A yearly renewal\n\nNothing else changes.\n'));
    const event = readEvent(files);
    expect(event.changes).toEqual([{ change: 'renew', role: 'targets' }]);
    const { text } = diffEvent(event, await published());
    expect(text).toContain('+ role CN-XX\n');
    expect(text).toContain(`+ key ${keys.kid} of CN-XX.keys`);
    expect(text).not.toContain('Nothing else changes');
  });

  it('REQ-KEY-012 slips in a key that signs at once: proposer, signers and publisher all refuse it', async () => {
    const { keys } = fixture.regions['CN-BJ'];
    const entries = JSON.parse(await contentOf('CN-BJ/', 'keys.json'));
    const { kid, alg, publicJwk } = attacker;
    const times = { notBefore: formatInstant(T2), notAfter: formatInstant(addHours(T2, 100)) };
    entries.keys.push({ kid, use: 'credential', alg, jwk: publicJwk, ...times });
    const put: Change = {
      change: 'put',
      role: 'CN-BJ.keys',
      files: new Map([['regions/CN-BJ/keys.json', jsonFile(entries)]]),
    };
    await expect(propose([put])).rejects.toMatchObject({ code: 'key-without-lead' });
    const event = await signed(await madeBy(put, 'CN-BJ.keys'), [keys]);
    expect((await checkEvent(event, await published(T2), T2)).map(({ code }) => code)).toEqual([
      'key-without-lead',
    ]);
    expect(await refusal(eventFiles(event))).toBe('key-without-lead');
  });

  it('REQ-CER-005, REQ-CER-010 takes a region’s keys away, or a revocation back', async () => {
    const { keys } = fixture.regions['CN-BJ'];
    const entries = JSON.parse(await contentOf('CN-BJ/', 'keys.json'));
    const revoked = { since: formatInstant(T1), reason: 'leaked' };
    const all = entries.keys.map((key: object) => ({ ...key, revoked }));
    const put = (list: object[]): Change => ({
      change: 'put',
      role: 'CN-BJ.keys',
      files: new Map([['regions/CN-BJ/keys.json', jsonFile({ ...entries, keys: list })]]),
    });
    for (const [list, code] of [
      [all, 'no-key-left'],
      [[], 'key-still-signing'],
      [
        entries.keys.map((key: object) => ({ ...key, notAfter: formatInstant(addHours(T2, 1000)) })),
        'region-malformed',
      ],
      [
        entries.keys.map((key: object) => ({ ...key, notAfter: formatInstant(addHours(T2, 200)) })),
        'key-taken-back',
      ],
    ] as const) {
      const event = await signed(await madeBy(put([...list]), 'CN-BJ.keys'), [keys]);
      expect(await refusal(eventFiles(event))).toBe(code);
    }
  });

  it('REQ-CER-004 gives a region that left back to life, with the old files that its name still has', async () => {
    await publish(
      fixture.store,
      await seal(
        await signed(await propose([{ change: 'remove-region', region: 'CN-HA' }]), fixture.admins),
        T1,
      ),
    );
    moved = await look();
    const back = delegationTo('CN-HA', fixture.regions['CN-HA']);
    await expect(propose([{ change: 'add-region', ...back }])).rejects.toMatchObject({
      code: 'region-name-used',
    });
    const other: Change = { change: 'add-region', ...delegationTo('CN-XX', fixture.regions['CN-HA']) };
    const files = eventFiles(await propose([other]));
    const path = 'metadata/3.targets.json';
    const renamed = readEvent(rewritten(files, path, /CN-XX/g, 'CN-HA'));
    expect(await refusal(eventFiles(await signed(renamed, fixture.admins)))).toBe('region-name-used');
  });

  it('REQ-REG-020 locks the keys role of a region by a version above which there is none', async () => {
    const { keys } = fixture.regions['CN-BJ'];
    const files = eventFiles(await propose([renewal('CN-BJ.keys')]));
    const path = 'metadata/3.CN-BJ.keys.json';
    const raw = { ...signedOf(files.get(path)), version: 9_999_999_999, replaces: 2 };
    const last = new Map([...files].filter(([each]) => each !== path));
    last.set('metadata/9999999999.CN-BJ.keys.json', jsonFile({ signatures: [], signed: raw }));
    const json = fromUtf8(files.get('event.json') ?? utf8('')).replace(
      '"version": 3',
      '"version": 9999999999',
    );
    const event = await signed(readEvent(new Map([...last, ['event.json', utf8(json)]])), [keys]);
    expect(await refusal(eventFiles(event))).toBe('metadata-malformed');
    const next = await signed(await propose([renewal('CN-BJ.keys')]), [keys]);
    expect(await refusal(eventFiles(next))).toBe('published');
  });

  it('REQ-REG-019 fills keys.json of a region with keys that never end', async () => {
    const entries = JSON.parse(await contentOf('CN-BJ/', 'keys.json'));
    for (const count of [63 - entries.keys.length, 1]) {
      const junk = await Promise.all(Array.from({ length: count }, (_, i) => seededSigner(`junk ${i}`)));
      const life = { notBefore: '2027-09-20T00:00:00Z', notAfter: '9999-12-31T23:00:00Z' };
      const more = junk.map(({ kid, alg, publicJwk: jwk }) => ({ kid, use: 'log', alg, jwk, ...life }));
      const content = jsonFile({ ...entries, keys: [...entries.keys, ...more] });
      const put: Change = {
        change: 'put',
        role: 'CN-BJ.keys',
        files: new Map([['regions/CN-BJ/keys.json', content]]),
      };
      const event = await signed(await madeBy(put, 'CN-BJ.keys'), [fixture.regions['CN-BJ'].keys]);
      expect(await refusal(eventFiles(event))).toBe('region-malformed');
    }
  });

  it('REQ-RUL-005 gives a published rule another text, in two steps', async () => {
    const { admins } = fixture.regions['CN-HA'];
    const before = (await published()).roles.get('CN-HA')?.signed.targets ?? {};
    const rules = Object.keys(before).filter((path) => path.includes('/rules.'));
    expect(rules).not.toEqual([]);
    const files = new Map(eventFiles(await propose([renewal('CN-HA')])));
    const path = [...files.keys()].find((each) => each.startsWith('metadata/')) ?? '';
    const raw = signedOf(files.get(path));
    const left = Object.entries(objectIn(raw, 'targets')).filter(([target]) => !rules.includes(target));
    files.set(path, jsonFile({ signatures: [], signed: { ...raw, targets: Object.fromEntries(left) } }));
    const event = await signed(readEvent(files), admins);
    expect(await refusal(eventFiles(event))).toBe('rule-mutated');
  });

  it('REQ-REG-012 lets a region speak for another one', async () => {
    const { admins } = fixture.regions['CN-HA'];
    const path = 'regions/CN-BJ/recognition.json';
    const stolen: Change = { change: 'put', role: 'CN-HA', files: new Map([[path, jsonFile({})]]) };
    await expect(propose([stolen])).rejects.toMatchObject({ code: 'role-overreach' });
    const event = await signed(await madeBy(stolen, 'CN-HA'), admins);
    expect(await refusal(eventFiles(event))).toBe('role-overreach');
  });

  /** The same put, as a tool without checks would lay it over the published metadata. */
  async function madeBy(put: Change, role: string): Promise<SigningEvent> {
    if (put.change !== 'put') throw new TypeError('put');
    const files = new Map(eventFiles(await propose([renewal(role)])));
    const path = [...files.keys()].find((each) => each.startsWith('metadata/')) ?? '';
    const raw = signedOf(files.get(path));
    const targets = { ...objectIn(raw, 'targets') };
    for (const [target, bytes] of put.files) {
      const hash = toHex(sha256(bytes));
      targets[target] = { length: bytes.length, hashes: { sha256: hash } };
      const slash = target.lastIndexOf('/') + 1;
      files.set(`targets/${target.slice(0, slash)}${hash}.${target.slice(slash)}`, bytes);
    }
    files.set(path, jsonFile({ signatures: [], signed: { ...raw, targets } }));
    return readEvent(files);
  }

  async function contentOf(folder: string, name: string): Promise<string> {
    const role = signedOf(fixture.files.get('metadata/2.CN-BJ.keys.json'));
    const info = objectIn(objectIn(role, 'targets'), `regions/${folder}${name}`);
    const { sha256: hash } = objectIn(info, 'hashes');
    return fromUtf8(fixture.files.get(`targets/regions/${folder}${hash}.${name}`) ?? utf8(''));
  }
});

describe('one admin, or the holder of the online keys', () => {
  it('REQ-CER-011 cannot bring a root of their own, nor one that only its new keys signed', async () => {
    const [one] = fixture.admins;
    const to = authorityOf([attacker], 1);
    const take: Change[] = [
      { change: 'rotate-admins', role: 'root', to },
      { change: 'rotate-admins', role: 'targets', to },
    ];
    const event = await signed(await propose(take), [attacker, ...(one ? [one] : [])]);
    expect(await refusal(eventFiles(event))).toBe('event-unsigned');
  });

  it('REQ-REG-004 who hold the online keys publish no root of theirs, and seal nothing that the admins did not sign', async () => {
    const event = await propose([renewal('CN-HA')]);
    expect(await refusal(eventFiles(event))).toBe('event-unsigned');
    const online = { snapshot: [attacker], timestamp: [attacker] };
    const good = await signed(event, fixture.regions['CN-HA'].admins);
    await expect(sealEvent(good, await published(T2), online, T2)).rejects.toMatchObject({
      code: 'metadata-signatures',
    });
  });

  it('REQ-CER-002 cannot lock the others out by mistake: the last of two keys stays', async () => {
    const [a, b] = fixture.admins;
    const remove = (signer: Signer | undefined): Change => ({
      change: 'remove-admin',
      kid: signer?.kid ?? '',
    });
    const event = await signed(await propose([remove(a)]), fixture.admins);
    const { text } = diffEvent(event, await published());
    expect(text).toContain('! root has no key to spare');
    await publish(fixture.store, await seal(event, T1));
    await expect(propose([remove(b)], T2)).rejects.toMatchObject({ code: 'threshold-unreachable' });
  });
});
