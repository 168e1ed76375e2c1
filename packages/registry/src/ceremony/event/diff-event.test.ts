import { addHours } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  ADMINS,
  authority,
  delegationTo,
  FEDERATION,
  NOW,
  ROOT_ROLES,
  regionFiles,
  regionSigners,
  signer,
} from '../../testing/small-registry.ts';
import type { Change } from '../changes/change.ts';
import { textOf } from '../diff/line.ts';
import { jsonFile } from '../json-file.ts';
import { handMade, openRoom, type Room } from '../testing/ceremony-room.ts';
import { diffEvent } from './diff-event.ts';
import { proposeEvent } from './propose-event.ts';
import type { SigningEvent } from './signing-event.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});

const fresh = await signer('fresh');
const HASH = /sha256 [0-9a-f]{64}/g;

async function told(event: SigningEvent): Promise<string[]> {
  const { lines } = diffEvent(event, await room.published());
  return lines.map((line) => `${line.role}| ${textOf(line)}`.replaceAll(HASH, 'HASH'));
}

const propose = async (...changes: Change[]) => told(await room.propose(changes));

describe('the difference that an event makes', () => {
  it('for keys and thresholds: before and after', async () => {
    const [, , c] = ADMINS;
    expect(
      await propose(
        { change: 'remove-admin', kid: c?.kid ?? '' },
        { change: 'add-admin', region: 'CN-HA', jwk: fresh.publicJwk, threshold: 3 },
      ),
    ).toEqual([
      `root| - key ${c?.kid} of root`,
      'root| - threshold of root: 2 of 3\n+ threshold of root: 2 of 2',
      `root| - key ${c?.kid} of targets`,
      'root| - threshold of targets: 2 of 3\n+ threshold of targets: 2 of 2',
      `targets| + key ${fresh.kid} of CN-HA`,
      'targets| - threshold of CN-HA: 2 of 3\n+ threshold of CN-HA: 3 of 4',
      'root| ! root has no key to spare: if one is lost, nobody can sign it',
      'targets| ! targets has no key to spare: if one is lost, nobody can sign it',
    ]);
  });

  it('for regions that come and go', async () => {
    const { admins, keys } = await regionSigners('CN-GD');
    const [a, b, c] = admins.map(({ kid }) => kid);
    const files = new Map([...regionFiles('CN-GD')].slice(0, 1));
    const lines = await propose(
      { change: 'add-region', ...delegationTo('CN-GD', { admins, keys }), files },
      { change: 'remove-region', region: 'CN-BJ' },
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'CN-GD| + expires: "2026-12-06T08:00:00Z"',
        'CN-GD| + regions/CN-GD/region.json: 392 bytes, HASH',
        'CN-GD| + regions/CN-GD/region.json issuer: "https://cn-gd.example"',
        'targets| - role CN-BJ.keys',
        'targets| - role CN-BJ',
        'targets| + role CN-GD.keys',
        `targets| + key ${keys.kid} of CN-GD.keys`,
        'targets| + threshold of CN-GD.keys: 1 of 1',
        'targets| + role CN-GD',
        'targets| + role CN-GD.keys paths.0: "regions/CN-GD/keys.json"',
        'targets| + role CN-GD terminating: true',
        `targets| + key ${a} of CN-GD`,
        `targets| + key ${b} of CN-GD`,
        `targets| + key ${c} of CN-GD`,
        'targets| + threshold of CN-GD: 2 of 3',
        'CN-BJ| ! CN-BJ leaves: nothing that it signed counts any more, and its name stays used',
      ]),
    );
    expect(lines.filter((line) => line.includes('CN-HA'))).toEqual([]);
  });

  it('for files: the places within that differ', async () => {
    const freshness = { ...FEDERATION.freshness, warnAfterHours: 24 };
    const federation = { ...FEDERATION, freshness, groups: { north: ['CN-BJ'] } };
    const files = new Map([['federation.json', jsonFile(federation)]]);
    expect(await propose({ change: 'put', role: 'targets', files })).toEqual([
      expect.stringMatching(
        /^targets\| - federation\.json: \d+ bytes, HASH\n\+ federation\.json: \d+ bytes, HASH$/,
      ),
      'targets| + federation.json groups.north.0: "CN-BJ"',
      'targets| - federation.json freshness.warnAfterHours: 26\n+ federation.json freshness.warnAfterHours: 24',
    ]);
    const event = await room.propose([{ change: 'renew', role: 'CN-HA' }], addHours(NOW, 1));
    expect(await told(event)).toEqual([
      'CN-HA| - expires: "2026-12-06T08:00:00Z"\n+ expires: "2026-12-06T09:00:00Z"',
    ]);
  });

  it('for issuing keys: added, revoked, and stopped', async () => {
    const [{ kid = '' } = {}] = (await room.open()).view.regions['CN-HA']?.keys ?? [];
    const lines = await propose({
      change: 'revoke-key',
      region: 'CN-HA',
      kid,
      since: NOW,
      reason: 'leaked',
      leaveNone: true,
    });
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^CN-HA.keys\\| - key ${kid} in keys.json: credential, ES256, .*\\n\\+ key ${kid} in keys.json: .*, revoked since 2026-09-07T08:00:00Z \\(leaked\\)$`,
        ),
      ),
      'CN-HA.keys| ! CN-HA stops issuing',
      'CN-HA.keys| + regions/CN-HA/keys.json issuing: "stopped"',
    ]);
    const added = await propose({ change: 'add-key', region: 'CN-HA', use: 'status', jwk: fresh.publicJwk });
    expect(added.slice(1)).toEqual([
      expect.stringContaining(
        `+ key ${fresh.kid} in keys.json: status, ES256, 2026-09-11T09:00:00Z to 2026-10-02T09:00:00Z`,
      ),
    ]);
  });

  it('is what the files say, whatever the event says, and hides no field that is signed', async () => {
    const event = await room.propose([{ change: 'renew', role: 'targets' }], addHours(NOW, 1));
    const [entry] = event.roles.get('targets')?.signed.delegations?.roles ?? [];
    const sly = handMade(
      { ...event, title: 'nothing to see', changes: [], diff: 'no change' },
      'targets',
      (signed) => ({
        charter: { annex: 'b' },
        targets: JSON.parse(
          JSON.stringify(signed['targets']).replace('"length"', '"custom":{"x":1},"length"'),
        ),
        delegations: JSON.parse(
          JSON.stringify(signed['delegations'])
            .replace(`"${entry?.paths?.[0]}"`, `"${entry?.paths?.[0]}","regions/CN-HA/keys.json"`)
            .replace(/"roles":/, '"succinct":1,"roles":'),
        ),
      }),
    );
    expect(await told(sly)).toEqual([
      'targets| - expires: "2027-09-07T08:00:00Z"\n+ expires: "2027-09-07T09:00:00Z"',
      'targets| + charter.annex: "b"',
      'targets| + delegations.succinct: 1',
      'targets| + role CN-BJ.keys paths.1: "regions/CN-HA/keys.json"',
      'targets| + federation.json (listing) custom.x: 1',
    ]);
  });

  it('is told against what is published now, and says so when that has changed', async () => {
    const event = await room.propose([{ change: 'renew', role: 'CN-HA' }]);
    await room.hold([{ change: 'renew', role: 'CN-BJ' }]);
    expect(await told(event)).toContain(
      'root| ! the registry has changed since this event was prepared; this is the difference now',
    );
  });

  it('of a first publication is all that it brings', async () => {
    const files = new Map([
      ['federation.json', jsonFile(FEDERATION)],
      ['dictionary.json', jsonFile({ version: 1, names: ['green'] })],
    ]);
    const event = await proposeEvent(undefined, [{ change: 'create', ...ROOT_ROLES, files }], {
      title: 'the beginning',
      now: NOW,
    });
    const { text, lines } = diffEvent(event, undefined);
    expect(text).toContain('The first publication.');
    expect(lines.map(textOf)).toEqual(
      expect.arrayContaining([
        '+ consistent_snapshot: true',
        `+ key ${ADMINS[0]?.kid} of root`,
        '+ threshold of timestamp: 1 of 1',
        '+ federation.json freshness.referAfterHours: 96',
      ]),
    );
  });
});

describe('DIFF.md', () => {
  it('lists the roles, each with what changes', async () => {
    const { diff } = await room.propose([
      { change: 'rotate-region', region: 'CN-HA', keys: authority([fresh]) },
    ]);
    expect(diff?.replaceAll(HASH, 'HASH')).toBe(
      [
        '# a change',
        '',
        'Prepared on publication 1. Made at 2026-09-07T08:00:00Z. So says its maker: the title and this line are not signed by admins.',
        '',
        '## targets: version 2',
        '',
        '```diff',
        `- key ${room.registry.regions['CN-HA'].keys.kid} of CN-HA.keys`,
        `+ key ${fresh.kid} of CN-HA.keys`,
        '```',
        '',
      ].join('\n'),
    );
  });

  it('holds nothing that an editor or a terminal acts on', async () => {
    const names = { en: 'a\u001b[2J`\u202e\n```\n# a heading', zh: '文字' };
    const files = new Map([
      ['federation.json', jsonFile({ ...FEDERATION, names, 'a\nb`': 'x'.repeat(1400) })],
    ]);
    const { diff = '' } = await room.propose([{ change: 'put', role: 'targets', files }]);
    expect(diff).not.toMatch(/[^\P{C}\n]/u);
    expect(diff.split('\n').filter((line) => line.startsWith('```'))).toHaveLength(4);
    expect(diff).not.toMatch(/^# a heading/m);
    expect(diff).toContain('\\u001b[2J\\u{60}\\u{202e}\\n');
    expect(diff).toContain('… (1402 characters)');
    expect(diff).toContain('is cut (1402 characters): compare the files');
  });
});
