import { sha256 } from '@symbolon/keys/digest';
import { type Bytes, fromUtf8, toHex, utf8 } from '@symbolon/protocol/bytes';
import { addHours } from '@symbolon/protocol/instant';
import { isJsonObject, type Json, type JsonObject } from '@symbolon/protocol/strict-json';
import { beforeEach, describe, expect, it } from 'vitest';
import { targetFile } from '../../metadata/file-names.ts';
import { keyIdOf, tufKeyOf } from '../../metadata/keys.ts';
import { forgeTarget } from '../../testing/forge-target.ts';
import { FEDERATION, keysJson, NOW, regionFiles, signer } from '../../testing/small-registry.ts';
import type { Change } from '../changes/change.ts';
import { textOf } from '../diff/line.ts';
import { openDraft } from '../draft.ts';
import { jsonFile } from '../json-file.ts';
import { handMade, openRoom, type Room } from '../testing/ceremony-room.ts';
import { diffEvent } from './diff-event.ts';
import { proposeEvent } from './propose-event.ts';
import type { SigningEvent } from './signing-event.ts';

/** What is signed blindly when it is not shown: each case is one that an admin would have taken for another event, or for nothing. */

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});

const put = (role: string, path: string, content: Json | Bytes): Change => ({
  change: 'put',
  role,
  files: new Map([[path, content instanceof Uint8Array ? content : jsonFile(Object(content))]]),
});
const renewal = (role: string): Change => ({ change: 'renew', role });
const read = (path: string): JsonObject => JSON.parse(fromUtf8(regionFiles('CN-HA').get(path) ?? utf8('{}')));

async function told(event: SigningEvent): Promise<readonly string[]> {
  return diffEvent(event, await room.published()).lines.map(textOf);
}
const proposed = async (...changes: Change[]) => told(await room.propose(changes));

/** A role of an event lists this file: its maker used another tool. */
function listing(event: SigningEvent, role: string, path: string, bytes: Bytes): SigningEvent {
  const hash = toHex(sha256(bytes));
  return handMade(
    event,
    role,
    ({ targets }) => ({
      targets: {
        ...(isJsonObject(targets) ? targets : {}),
        [path]: { length: bytes.length, hashes: { sha256: hash } },
      },
    }),
    new Map([[targetFile(path, hash), bytes]]),
  );
}

describe('REQ-CER-001 the diff hides nothing of the files', () => {
  it('however large one is: what differs is told', async () => {
    const freshness = { ...FEDERATION.freshness, blockAfterHours: 8784 };
    const padded = utf8(JSON.stringify({ ...FEDERATION, freshness }) + ' '.repeat(65 * 1024));
    expect(await proposed(put('targets', 'federation.json', padded))).toContain(
      '- federation.json freshness.blockAfterHours: 240\n+ federation.json freshness.blockAfterHours: 8784',
    );
  });

  it('what has no room is counted by a ! line, beside it and at the end', async () => {
    const notes = Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`note${i}`, 'x'.repeat(20)]));
    const lines = await proposed(
      put('CN-HA', 'regions/CN-HA/region.json', { ...read('regions/CN-HA/region.json'), notes }),
    );
    const shown = lines.filter((line) => line.includes(' notes.note')).length;
    expect(shown).toBeGreaterThan(500);
    expect(lines).toContain(
      `! regions/CN-HA/region.json differs in ${9000 - shown} more places: compare the files`,
    );
    expect(lines.at(-1)).toBe('! 1 place above (marked !) not shown whole: compare the files');
    expect(lines.join('\n').length).toBeLessThan(200_000);
  });

  it('a file that fills its room leaves the others theirs', async () => {
    const notes = Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`note${i}`, 'x'.repeat(20)]));
    const files = new Map<string, Bytes>([
      ['federation.json', jsonFile({ ...FEDERATION, notes })],
      ['schemes/z.json', jsonFile({})],
    ]);
    const event = await room.propose([renewal('targets')]);
    let both = event;
    for (const [path, bytes] of files) both = listing(both, 'targets', path, bytes);
    both = listing(both, 'targets', 'zz.json', jsonFile({ last: true }));
    expect(await told(both)).toContain('+ zz.json last: true');
  });

  it('what cannot be compared says so, and what is only written otherwise, too', async () => {
    const event = await room.propose([renewal('CN-HA')]);
    expect(await told(listing(event, 'CN-HA', 'regions/CN-HA/notes.bin', utf8('not JSON')))).toContain(
      '! regions/CN-HA/notes.bin is not shown: it is not there, or is not JSON: compare the files',
    );
    const spaced = utf8(`${JSON.stringify(read('regions/CN-HA/region.json'))}  `);
    expect(await proposed(put('CN-HA', 'regions/CN-HA/region.json', spaced))).toContain(
      '! regions/CN-HA/region.json says the same as before: only how it is written differs',
    );
  });

  it('what is new as a whole is told leaf by leaf', async () => {
    const path = 'regions/CN-HA/rules.health.json';
    const set = read(path);
    const rules: readonly Json[] = Array.isArray(set['rules']) ? set['rules'] : [];
    const [rule] = rules;
    const long = 'as the law of the region says, '.repeat(11);
    const lockdown = {
      ...Object(rule),
      legalBasis: { en: long, zh: '文' },
      id: 'lockdown',
      version: 1,
      when: 'true',
    };
    const lines = await proposed(put('CN-HA', path, { ...set, rules: [...rules, lockdown] }));
    expect(lines).toContain(`+ ${path} rules.lockdown@1.when: "true"`);
    expect(lines).toContain(`+ ${path} rules.lockdown@1.legalBasis.zh: "文"`);
    expect(lines.filter((line) => line.startsWith('!'))).toEqual([]);
  });

  it('values that differ far from their beginning look different, and a ! line says that they are cut', async () => {
    const path = 'regions/CN-HA/region.json';
    const noted = (end: string) =>
      put('CN-HA', path, { ...read(path), note: `${'x'.repeat(3000)}${end}${'y'.repeat(3000)}` });
    await room.hold([noted('agreed')]);
    const lines = await proposed(noted('hidden'));
    const [before = '', after = ''] = (lines.find((line) => line.includes(' note: ')) ?? '').split('\n');
    expect([before.includes('xagreedy'), after.includes('xhiddeny')]).toEqual([true, true]);
    expect(before).toMatch(/^- \S+ note: …x+agreedy+… \(6008 characters\)$/);
    expect(lines).toContain(
      `! ${path} note is cut around the first difference (6008 characters): compare the files`,
    );
  });

  it('what becomes something of another kind is told as what goes and what comes', async () => {
    const path = 'regions/CN-HA/region.json';
    const noted = (note: Json) => put('CN-HA', path, { ...read(path), note });
    await room.hold([noted({ by: 'cdc', on: ['a'] })]);
    const lines = async (note: Json) =>
      (await proposed(noted(note))).filter((line) => line.includes(' note')).toSorted();
    expect(await lines(['cdc'])).toEqual([
      `+ ${path} note.0: "cdc"`,
      `- ${path} note.by: "cdc"`,
      `- ${path} note.on.0: "a"`,
    ]);
    expect(await lines('cdc')).toEqual([
      `+ ${path} note: "cdc"`,
      `- ${path} note.by: "cdc"`,
      `- ${path} note.on.0: "a"`,
    ]);
  });

  it('a long value that goes, and one that differs at its end, are cut there and nowhere else', async () => {
    const path = 'regions/CN-HA/region.json';
    const noted = (more: JsonObject) => put('CN-HA', path, { ...read(path), ...more });
    await room.hold([noted({ gone: 'g'.repeat(2000), last: `${'x'.repeat(2000)}a` })]);
    const lines = await proposed(noted({ last: `${'x'.repeat(2000)}b` }));
    expect(lines.find((line) => line.startsWith(`- ${path} gone:`))).toMatch(/: "g+… \(2002 characters\)$/);
    expect(lines).toContain(`! ${path} gone is cut (2002 characters): compare the files`);
    const [before, after] = (lines.find((line) => line.includes(' last: ')) ?? '').split('\n');
    expect(before).toMatch(/ last: …x+a" \(2003 characters\)$/);
    expect(after).toMatch(/ last: …x+b" \(2003 characters\)$/);
  });

  it('a published file that cannot be read is no published file that says nothing', async () => {
    const store = await forgeTarget(room.registry, 'region.json', 'not JSON');
    const published = await openDraft({ read: store.files, pinnedRoot: room.registry.pinnedRoot, now: NOW });
    const path = 'regions/CN-HA/region.json';
    const mended = put('CN-HA', path, read(path));
    const event = await proposeEvent(published, [mended], { title: 'mended', now: NOW });
    const lines = diffEvent(event, published).lines.map(textOf);
    expect(lines).toContain(
      `! ${path} is shown whole: what is published of it could not be read: compare the files`,
    );
    expect(lines).toContain(`+ ${path} region: "CN-HA"`);
  });

  it('names with a dot are no path', async () => {
    const lines = await proposed(
      put('targets', 'federation.json', { ...FEDERATION, 'freshness.blockAfterHours': 24 }),
    );
    expect(lines).toContain('+ federation.json "freshness.blockAfterHours": 24');
  });

  it('keys.json: issuing again, fields of the file, and fields of a key', async () => {
    const path = 'regions/CN-HA/keys.json';
    const { keys } = keysJson('CN-HA', ['epoch 1']);
    const [key] = keys;
    const file = async (content: object) =>
      listing(await room.propose([renewal('CN-HA.keys')]), 'CN-HA.keys', path, jsonFile(content));
    const revoke = { region: 'CN-HA', kid: key?.kid ?? '', since: NOW, reason: 'leaked', leaveNone: true };
    await room.hold([{ change: 'revoke-key', ...revoke }]);
    const back = await file({
      region: 'CN-HA',
      notice: 'any',
      keys: [
        {
          ...key,
          revoked: { since: '2026-09-07T08:00:00Z', reason: 'leaked', by: 'me' },
          x5u: 'https://elsewhere.example',
        },
      ],
    });
    expect((await told(back)).slice(1).toSorted()).toEqual([
      '! CN-HA issues again',
      `+ ${path} keys.${key?.kid}.revoked.by: "me"`,
      `+ ${path} keys.${key?.kid}.x5u: "https://elsewhere.example"`,
      `+ ${path} notice: "any"`,
      `- ${path} issuing: "stopped"`,
    ]);
  });

  it('the order of a list of named things', async () => {
    const level = (id: string, words: string, effect = 'adverse') => ({
      id,
      effect,
      titles: { en: words, zh: words },
    });
    const scheme = (levels: object[]) =>
      put('targets', 'schemes/health.json', {
        id: 'health',
        major: 1,
        titles: { en: 'w', zh: 'w' },
        subjects: 'person',
        purposes: ['entry'],
        levels,
        factTypes: {},
        evidenceClasses: ['none'],
        longestValidityHours: 24,
        statusList: true,
        bearer: true,
      } as unknown as Json);
    await room.hold([scheme([level('green', 'a'), level('red', 'b')])]);
    const turned = await proposed(scheme([level('red', 'b'), level('green', 'a.')]));
    expect(turned).toContain(
      '- schemes/health.json levels (order): ["green","red"]\n+ schemes/health.json levels (order): ["red","green"]',
    );
    // Among those of one effect: from adverse to favourable is no order.
    await expect(
      proposed(scheme([level('red', 'b'), level('green', 'a', 'favourable')])),
    ).rejects.toMatchObject({
      code: 'metadata-malformed',
      path: 'levels',
    });
    const between = await proposed(scheme([level('green', 'a'), level('amber', 'c'), level('red', 'b')]));
    expect(between.some((line) => line.includes('["green","amber","red"]'))).toBe(true);
    const appended = await proposed(scheme([level('green', 'a'), level('red', 'b'), level('black', 'c')]));
    expect(appended.filter((line) => line.includes('(order)'))).toEqual([]);
  });
});

describe('REQ-CER-001 the diff hides nothing of what is signed', () => {
  const sly = async () =>
    handMade(await room.propose([renewal('targets')], addHours(NOW, 1)), 'targets', (signed) => {
      const { keys, roles } = isJsonObject(signed['delegations']) ? signed['delegations'] : {};
      const list: readonly Json[] = Array.isArray(roles) ? roles : [];
      const [first, ...rest] = list.filter(isJsonObject);
      const ids: readonly Json[] = Array.isArray(rest[0]?.['keyids']) ? rest[0]['keyids'] : [];
      const turned = { ...rest[0], keyids: ids.toReversed() };
      return {
        version: 77,
        replaces: 1,
        delegations: {
          ...Object(keys && { keys }),
          roles: [turned, ...rest.slice(1), { ...first, note: 1 }],
        },
      };
    });

  it('a version that is not the next, the order of delegations and key ids, and fields that nobody knows', async () => {
    const lines = await told(await sly());
    expect(lines).toEqual(
      expect.arrayContaining([
        '- version: 1\n+ version: 77',
        '+ replaces: 1',
        '+ role CN-BJ.keys note: 1',
        expect.stringMatching(
          /^- role CN-BJ keyids\.0: "[0-9a-f]{64}"\n\+ role CN-BJ keyids\.0: "[0-9a-f]{64}"$/,
        ),
        expect.stringMatching(
          /^- delegations \(order\): \["CN-BJ.keys","CN-BJ",.*\n\+ delegations \(order\): \["CN-BJ",/,
        ),
      ]),
    );
  });

  it('fields of the roles of root, and a key that no role has', async () => {
    const event = handMade(await room.propose([renewal('root')]), 'root', ({ keys, roles }) => ({
      roles: { ...Object(roles), root: { ...Object(Object(roles).root), note: 1 }, mirrors: { keyids: [] } },
      keys: { ...Object(keys) },
    }));
    expect(await told(event)).toEqual(
      expect.arrayContaining(['+ role root note: 1', '+ roles mirrors.keyids: []']),
    );
  });

  it('keys that no role has, in root and in delegations', async () => {
    const { publicJwk } = await signer('nobody');
    const spare = tufKeyOf(publicJwk);
    const id = keyIdOf(spare);
    const linesOn = async (role: string, change: (signed: JsonObject) => JsonObject) =>
      (await told(handMade(await room.propose([renewal(role)]), role, change))).filter((line) =>
        line.includes(id),
      );
    const more = (keys: Json | undefined) => ({ ...Object(keys), [id]: spare });
    expect(await linesOn('root', ({ keys }) => ({ keys: more(keys) }))).toContain(
      `+ keys ${id}.keytype: "ecdsa"`,
    );
    const lines = await linesOn('targets', ({ delegations }) => ({
      delegations: { ...Object(delegations), keys: more(Object(delegations).keys) },
    }));
    expect(lines).toContain(`+ delegations keys ${id}.keytype: "ecdsa"`);
  });

  it('fields of a role that have no room: they are counted, and so are the places that are not shown', async () => {
    const notes = Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`note${i}`, 'x'.repeat(20)]));
    const event = await room.propose([put('targets', 'notes.bin', utf8('no JSON'))]);
    const lines = await told(handMade(event, 'targets', () => notes));
    const shown = lines.filter((line) => /^\+ note\d+: /.test(line)).length;
    expect(shown).toBeGreaterThan(500);
    expect(lines).toContain(`! targets differs in ${9000 - shown} more places: compare the files`);
    expect(lines.at(-1)).toBe('! 2 places above (marked !) not shown whole: compare the files');
  });

  it('REQ-REG-002 another hash beside SHA-256, which is refused also', async () => {
    const event = handMade(await room.propose([renewal('targets')]), 'targets', ({ targets }) => {
      const all = isJsonObject(targets) ? targets : {};
      const file = Object(all['federation.json']);
      const hashes = { ...file.hashes, sha512: '00'.repeat(64) };
      return { targets: { ...all, 'federation.json': { ...file, hashes } } };
    });
    expect(await told(event)).toContain(`+ federation.json (listing) hashes.sha512: "${'00'.repeat(64)}"`);
    expect(await room.faults(event)).toEqual(['metadata-malformed federation.json']);
  });
});

describe('what an event is called', () => {
  it('is one line with single spaces, and is no Markdown', async () => {
    const titled = async (title: string) =>
      proposeEvent(await room.published(), [renewal('targets')], { title, now: NOW });
    expect((await titled('  a    title ')).title).toBe('a title');
    for (const bad of ['a\u2028## CN-HA', 'a\u202eb', 'a\u00a0b', 'a\u3000b', 'a\nb', '   ']) {
      await expect(titled(bad)).rejects.toMatchObject({ code: 'event-malformed' });
    }
    const { diff = '' } = await titled('<img src=x> [a](https://b.example) `c` www.d.example');
    expect(diff.split('\n')[0]).toBe(
      '# \\<img src=x\\> \\[a\\](https\\://b.example) \\`c\\` www\\.d.example',
    );
    expect(diff).toContain('the title and this line are not signed by admins');
  });

  it('an event that changes nothing but its life says so', async () => {
    const { isRenewal, text } = diffEvent(
      await room.propose([renewal('CN-HA')], addHours(NOW, 1)),
      await room.published(),
    );
    expect([isRenewal, text.includes('It changes nothing')]).toEqual([true, true]);
    const removal = diffEvent(
      await room.propose([{ change: 'remove-region', region: 'CN-BJ' }]),
      await room.published(),
    );
    expect([removal.isRenewal, removal.text.includes('It changes nothing')]).toEqual([false, false]);
  });
});
