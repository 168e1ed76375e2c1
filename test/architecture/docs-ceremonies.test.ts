import { fromUtf8 } from '@symbolon/protocol/bytes';
import { CODES, isCode, requirementOf } from '@symbolon/protocol/codes';
import { addHours } from '@symbolon/protocol/instant';
import type { Change } from '@symbolon/registry/ceremony/changes/change';
import { openDraft } from '@symbolon/registry/ceremony/draft';
import { eventFiles } from '@symbolon/registry/ceremony/event/event-files';
import { proposeEvent } from '@symbolon/registry/ceremony/event/propose-event';
import { sealEvent } from '@symbolon/registry/ceremony/event/seal-event';
import { signEvent } from '@symbolon/registry/ceremony/event/sign-event';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  buildFederation,
  type FederationFixture,
  FIXTURE_NOW,
  seededSigner,
} from '../support/federation-fixture.ts';
import { block, page, rows } from './markdown.ts';

/** docs/spec/ceremonies.md says what the code makes. */

const PAGE = page('docs/spec/ceremonies.md');
const AT = addHours(FIXTURE_NOW, 1);
const next = await seededSigner('CN-BJ next');

let fixture: FederationFixture;
let event: SigningEvent;

beforeAll(async () => {
  fixture = await buildFederation();
  const change: Change = { change: 'add-key', region: 'CN-BJ', use: 'credential', jwk: next.publicJwk };
  const options = { title: 'The next issuing key of Beijing', now: AT };
  event = await proposeEvent(await published(), [change], options);
});

const published = () => openDraft({ read: fixture.files, pinnedRoot: fixture.pinnedRoot, now: AT });
const file = (path: string) => fromUtf8(eventFiles(event).get(path) ?? new Uint8Array());
/** Signatures differ each time, and so do hashes of what is signed. */
const unhashed = (text: string) => text.replaceAll(/"[0-9a-f]{64}"|"…"/g, '"HASH"');

describe('docs/spec/ceremonies.md', () => {
  it('event.json is that of the example', () => {
    expect(unhashed(block(PAGE, 'json event.json'))).toBe(unhashed(file('event.json')));
  });

  it('the difference is that of the example', () => {
    const short = (text: string) => text.replaceAll(/sha256 ([0-9a-f]{2})(?:[0-9a-f]{62}|…)/g, 'sha256 $1…');
    expect(short(block(file('DIFF.md'), 'diff'))).toBe(block(PAGE, 'diff'));
  });

  it('the link of the history is that of the example', async () => {
    const signed = await signEvent(event, await published(), [fixture.regions['CN-BJ'].keys]);
    const { snapshot, timestamp } = fixture;
    const online = { snapshot: [snapshot], timestamp: [timestamp] };
    const { files } = await sealEvent(signed, await published(), online, addHours(AT, 1));
    const record = JSON.parse(fromUtf8(files.get('metadata/2.snapshot.json') ?? new Uint8Array())).signed
      .publication;
    const example = JSON.parse(unhashed(block(PAGE, 'json publication')));
    expect(JSON.parse(unhashed(JSON.stringify(record)))).toEqual(example);
  });

  it('has every change that there is, and no other', () => {
    const source = page('packages/registry/src/ceremony/changes/change-record.ts');
    const kinds = [...source.matchAll(/change: z\.literal\('([a-z-]+)'\)/g)].map(([, kind]) => kind);
    expect(named('Changes')).toEqual(kinds);
  });

  it('has every code of a ceremony, and the table of refusals holds codes only', () => {
    const refused = named('Refused');
    expect(refused.filter((code) => !isCode(code))).toEqual([]);
    expect(refused.length).toBeGreaterThan(20);
    const ceremony = CODES.filter((code) => requirementOf(code).startsWith('REQ-CER-'));
    expect(ceremony.filter((code) => !PAGE.includes(`\`${code}\``))).toEqual([]);
  });
});

/** What the first column of a section's table names. */
function named(heading: string): string[] {
  const section = PAGE.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  const cells = rows(section).map(([first = '']) => first);
  return cells.slice(1).flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name = '']) => name));
}
