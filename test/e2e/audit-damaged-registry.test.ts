import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleRules } from '@symbolon/local/sample/rules';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { addHours, formatInstant, type Instant } from '@symbolon/protocol/instant';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { jsonFile } from '@symbolon/registry/json-file';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AuditWorld,
  auditWorld,
  dayAfter,
  decision,
  decisions,
  FOUNDED,
  POSITIVE,
  REGION,
} from '../support/audit-world.ts';
import { auditorOf, found } from '../support/auditor.ts';
import { keysFile, publishedKeys, publishUpdate, seededSigner } from '../support/federation-fixture.ts';

/** `symbolon audit` of a registry whose copy lacks files: what is not there is held against nobody, and hides nothing from who has it. */

const CHANGED = dayAfter(FOUNDED, 2);
const MENDED = dayAfter(FOUNDED, 5);
const NOW = dayAfter(FOUNDED, 8);
const FRESH = { ...POSITIVE, rule: 'positive-test-7d@2' };

let folder: string;
let world: AuditWorld;
/** Files that came when the region changed all of its own: a rule, a key, its office. */
let ofChange: readonly string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-audit-'));
  world = await auditWorld();
  const { fixture } = world;
  const before = new Set(fixture.files.keys());
  await publishRegion(CHANGED, 3);
  ofChange = [...fixture.files.keys()].filter((path) => !before.has(path));
  // The same anew, in files of its own.
  await publishRegion(MENDED, 4);
  await world.logPublications(NOW);
  await world.decisions.add([
    ...decisions(3, dayAfter(FOUNDED, 4), FRESH),
    ...decisions(3, dayAfter(FOUNDED, 6), FRESH),
  ]);
  await world.decisions.witness(NOW);
});
afterEach(() => rm(folder, { recursive: true }));

/** `version` of a rule that tells the files of one publication apart from those of another. */
async function publishRegion(at: Instant, version: number): Promise<void> {
  const { fixture } = world;
  const region = fixture.regions[REGION];
  const rules = sampleRules(REGION, 'health');
  const [first, ...others] = rules.rules;
  if (first === undefined) throw new TypeError('no rule');
  // Decides with its lead, from its first publication on.
  const lead = dayAfter(CHANGED, 1, 12);
  const fresh = { ...first, version: 2, from: formatInstant(lead), sunset: formatInstant(dayAfter(NOW, 90)) };
  const spare = {
    ...first,
    version,
    from: formatInstant(dayAfter(at, 20)),
    sunset: formatInstant(dayAfter(NOW, 90)),
  };
  const put = new Map([
    [`regions/${REGION}/rules.health.json`, jsonFile({ ...rules, rules: [fresh, first, spare, ...others] })],
  ]);
  const signer = await seededSigner('a new issuing key');
  const key = {
    signer,
    use: 'credential' as const,
    notBefore: dayAfter(CHANGED, 5),
    notAfter: dayAfter(at, 30),
  };
  const keys = keysFile(REGION, [...publishedKeys(region, FOUNDED), key]);
  await publishUpdate(fixture, at, async (draft) =>
    updateRole(
      await updateRole(draft, { role: REGION, put }, region.admins.slice(1), at),
      { role: `${REGION}.keys`, put: keys },
      [region.keys],
      at,
    ),
  );
}

/** What an audit finds whose copy of the registry is this one. */
async function auditedWith(files: ReadonlyMap<string, Bytes>, name: string): Promise<readonly string[]> {
  const copy = { ...world, fixture: { ...world.fixture, files: new Map(files) } };
  return found(await auditorOf(join(folder, name), copy).audit(NOW));
}

describe('REQ-REG-019 a file of a region that its role lists', () => {
  it.each(['rules.health.json', 'keys.json'])('and that is not there: %s', async (name) => {
    expect(await auditedWith(world.fixture.files, 'whole')).toEqual([]);
    const [lost = ''] = ofChange.filter((path) => path.endsWith(name));
    for (const [how, bytes] of [
      ['gone', undefined],
      ['cut', utf8('{')],
    ] as const) {
      const files = new Map(world.fixture.files);
      if (bytes === undefined) files.delete(lost);
      else files.set(lost, bytes);
      const lines = await auditedWith(files, how);
      expect(lines.filter((line) => line.includes('failed'))).toEqual([]);
      expect(lines).toContain(`leads unchecked undefined 1: version 4, ${REGION} cannot be read`);
      for (const check of ['regions', 'rules', 'approvers'])
        expect(lines).toContain(`${check} unchecked undefined 3: leaf 0`);
    }
    // Nothing of that is remembered.
    expect(await auditedWith(world.fixture.files, 'gone')).toEqual([]);
  });

  it('does not hide what was decided in another time', async () => {
    await world.decisions.add([decision(dayAfter(FOUNDED, 7), 'bad', { ...FRESH, rule: 'nobodys@1' })]);
    await world.decisions.witness(NOW);
    const files = new Map(world.fixture.files);
    for (const path of ofChange.filter((each) => each.endsWith('rules.health.json'))) files.delete(path);
    const lines = await auditedWith(files, 'gone');
    expect(lines).toContain('rules failed rule-unknown 1: leaf 6');
  });
});

describe('a publication that cannot be read', () => {
  it('speaks for nobody and against nobody: its time is unchecked', async () => {
    const at = dayAfter(FOUNDED, 3);
    world = await auditWorld();
    await publishRegion(CHANGED, 3);
    const before = new Set(world.fixture.files.keys());
    await world.publish(at, { smallestClass: 10 });
    const [lost = ''] = [...world.fixture.files.keys()].filter(
      (path) => !before.has(path) && path.endsWith('federation.json'),
    );
    // What is in force from the third day on is not known, until then.
    await world.publish(MENDED, { smallestClass: 11 });
    await world.logPublications(NOW);
    const bad = { ...FRESH, rule: 'nobodys@1' };
    await world.decisions.add([decision(addHours(at, 5), 1, bad), decision(dayAfter(MENDED, 1), 2, bad)]);
    await world.decisions.witness(NOW);
    expect(world.fixture.files.has(lost)).toBe(true);
    const files = new Map(world.fixture.files);
    files.delete(lost);
    const lines = await auditedWith(files, 'gone');
    expect(lines).toContain('rules failed rule-unknown 1: leaf 1');
    for (const check of ['regions', 'rules', 'approvers', 'bursts'])
      expect(lines).toContain(`${check} unchecked undefined 1: leaf 0`);
  });
});
