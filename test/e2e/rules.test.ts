import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { samplePlaces } from '@symbolon/local/sample/places';
import { sampleRules } from '@symbolon/local/sample/rules';
import { SAMPLE_SCHEMES } from '@symbolon/local/sample/schemes';
import { parseInstant } from '@symbolon/protocol/instant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSPHRASE, writeContent, writeKeys } from '../support/ceremony-folder.ts';
import { runCli, temporaryFolder } from '../support/cli.ts';
import { ADMINS, foundRegistry } from '../support/founded-registry.ts';
import { writeFiles } from '../support/registry-folder.ts';

/** Rules at a shell: before anyone signs them, and in a ceremony. */

const AT = ['--at', '2026-09-07T08:00:00Z'];
const SCHEME = ['--scheme', 'scheme.json'];
let home: Awaited<ReturnType<typeof temporaryFolder>>;
const file = (name: string) => join(home.path, name);
const write = (name: string, json: unknown) => writeFile(file(name), JSON.stringify(json, null, 2));
/** Names of files are of the folder. */
const run = (args: readonly string[], input?: string) =>
  runCli(
    ['rules', ...args].map((each) => (/^[\w.-]+\.jsonl?$/.test(each) ? file(each) : each)),
    { home: home.path, ...(input === undefined ? {} : { input }) },
  );

const beijing = sampleRules('CN-BJ', 'health');
const contact = (days: number) => {
  const at = new Date(Date.parse('2026-09-07T08:00:00Z') - days * 86_400_000).toISOString();
  return { type: 'contact', at: `${at.slice(0, 19)}Z`, fields: { kind: 'close' } };
};

beforeAll(async () => {
  home = await temporaryFolder();
  await write('scheme.json', SAMPLE_SCHEMES.health);
  await write('bj.json', beijing);
  await write('gd.json', sampleRules('CN-GD', 'health'));
  await write('places.json', samplePlaces('CN-BJ', 'health', '2026-09-07T08:00:00Z'));
});
afterAll(() => home.remove());

describe('symbolon rules check', () => {
  it('names the rules of a sound set', async () => {
    const { code, stdout, stderr } = await run(['check', 'bj.json', ...SCHEME, ...AT]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('positive-test-7d@1 (red), close-contact-7d@1 (red)');
    expect(stdout).toMatch(
      /Checked: form, .*\nNot checked: lead, .*\(--published FILE\)\.\nNot checked: .*\(--region FILE\)\.\n$/,
    );
  });

  it('REQ-RUL-004 holds every rule to the offices of the region file', async () => {
    const offices = (...names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, { names: { en: name, zh: name }, operators: [] }]));
    const region = {
      region: 'CN-BJ',
      names: { en: 'Beijing', zh: '北京' },
      issuer: 'https://cn-bj.symbolon.test',
      did: 'did:web:cn-bj.symbolon.test',
      authorities: offices(...beijing.rules.flatMap(({ authorities }) => authorities)),
      endpoints: { issuer: 'https://api.symbolon.test', lists: 'https://lists.symbolon.test' },
    };
    await write('region.json', region);
    const args = ['check', 'bj.json', ...SCHEME, ...AT, '--region', 'region.json'];
    const sound = await run(args);
    expect([sound.code, sound.stdout]).toEqual([0, expect.stringContaining('lists every office')]);
    await write('region.json', { ...region, authorities: offices('cdc') });
    const { code, stdout } = await run(args);
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/rules\.\d+\.authorities .* names an office that the region does not list/),
    ]);
    await write('region.json', { ...region, region: 'CN-GD' });
    expect((await run(args)).code).toBe(64);
    expect((await run(['check', 'bj.json', ...SCHEME, '--region', 'scheme.json'])).stderr).toContain(
      '--region: ',
    );
  });

  it('REQ-RUL-006, REQ-RUL-008 tells everything that is wrong, with file, line and column', async () => {
    const [first, second, ...others] = beijing.rules;
    const { sunset: _sunset, ...endless } = first ?? expect.unreachable();
    const words = { en: 'words' };
    const when = 'contact.exists(c, c.kind == "cl\u00f6se" && c.bank == 1)';
    await write('bad.json', {
      ...beijing,
      rules: [endless, { ...second, level: 'purple', words, when }, ...others],
    });
    const { code, stdout } = await run(['check', 'bad.json', ...SCHEME, ...AT]);
    expect(code).toBe(1);
    const text = (await readFile(file('bad.json'), 'utf8')).split('\n');
    const places = [...stdout.matchAll(/:(\d+):(\d+) (\S+)/g)].map(([, line, column, path]) => ({
      path,
      there: text[Number(line) - 1]?.slice(Number(column) - 1),
    }));
    expect(places).toEqual([
      { path: 'rules.0.sunset:', there: '{' },
      { path: 'rules.1.words.zh:', there: '{' },
      { path: 'rules.1.level', there: '"purple",' },
      { path: 'rules.1.when:28', there: expect.stringMatching(/^\\"clöse\\"/) },
      { path: 'rules.1.when:41', there: expect.stringMatching(/^bank == 1/) },
    ]);
    const json = JSON.parse((await run(['check', 'bad.json', ...SCHEME, ...AT, '--json'])).stdout);
    expect([json.compiles, json.faults.length, json.faults[2].reason]).toEqual([false, 5, 'unknown-level']);
  });

  it('REQ-RUL-005, REQ-RUL-010 holds a new version to its lead, and an old one to its text', async () => {
    const [first, ...others] = beijing.rules;
    const next = { ...first, version: 2, from: '2026-09-08T07:00:00Z' };
    await write('next.json', { ...beijing, rules: [next, { ...first, contestHours: 1 }, ...others] });
    const { code, stdout } = await run(['check', 'next.json', ...SCHEME, '--published', 'bj.json', ...AT]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/rules\.0\.from \(positive-test-7d@2\).*\(bound: 24\) \[rule-without-lead\]/);
    expect(stdout).toMatch(/rules\.1 \(positive-test-7d@1\).*\[rule-mutated\]/);
    const shorter = ['--lead-hours', '23'];
    const again = await run(['check', 'next.json', ...SCHEME, '--published', 'bj.json', ...AT, ...shorter]);
    expect(again.stdout).not.toContain('rule-without-lead');
  });

  it('warns of what is likely not meant, and of a fault of the scheme it names that file', async () => {
    const { rules } = beijing;
    await write('turned.json', { ...beijing, rules: rules.toReversed() });
    const { code, stdout } = await run(['check', 'turned.json', ...SCHEME, ...AT]);
    expect([code, stdout.match(/warning: rules\.\d \(\S+\): never decides/g)?.length]).toEqual([
      0,
      rules.length - 1,
    ]);
    const riskArea = { ...SAMPLE_SCHEMES.health.factTypes.riskArea, fields: { risk: 'string' } };
    const factTypes = { ...SAMPLE_SCHEMES.health.factTypes, riskArea };
    await write('no-place.json', { ...SAMPLE_SCHEMES.health, factTypes });
    const refused = await run(['check', 'bj.json', '--scheme', 'no-place.json', ...AT]);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(/no-place\.json:\d+:\d+ scheme\.factTypes\.riskArea\.fields\.place: /);
  });

  it.each<[string, string[], number, string]>([
    ['no scheme', ['bj.json'], 64, '--scheme'],
    ['a scheme that is none', ['bj.json', '--scheme', 'bj.json'], 65, '--scheme: '],
    ['a file that is no JSON', ['broken.json', ...SCHEME], 65, '(at FILE)'],
    ['a file that is not there', ['nowhere.json', ...SCHEME], 73, '(ENOENT, FILE)'],
  ])('%s: exit code and a sentence', async (_, args, code, said) => {
    await writeFile(file('broken.json'), '{"region":');
    const result = await run(['check', ...args]);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(said)]);
    expect(result.stderr).not.toContain('    at ');
  });
});

describe('symbolon rules explain', () => {
  it('says in words which rule decides, why, and until when', async () => {
    await write('facts.json', { at: '2026-09-07T08:00:00Z', facts: [contact(6)] });
    const { code, stdout } = await run(['explain', 'gd.json', ...SCHEME, '--facts', 'facts.json']);
    expect(code).toBe(0);
    expect(stdout).toContain('> close-contact-7d@1  amber  decides');
    expect(stdout).toContain('  close-contact-5d@1  red  does not hold');
    expect(stdout).toContain('until 2026-09-08T08:00:00Z; then: green (Green), clear@1');
  });

  it('in Chinese, and for machines', async () => {
    const args = ['explain', 'bj.json', ...SCHEME, '--facts', 'facts.json'];
    const { stdout } = await run([...args, '--lang', 'zh']);
    expect(stdout).toContain('判定结果: red (红码), close-contact-7d@1: 7日内为确诊病例的密切接触者');
    expect(JSON.parse((await run([...args, '--json'])).stdout)).toMatchObject({
      decision: { level: 'red', rule: 'close-contact-7d@1' },
      until: { at: '2026-09-08T08:00:00Z', next: { level: 'green', rule: 'clear@1' } },
    });
  });

  it('with what the region says of places', async () => {
    const stay = {
      type: 'stay',
      at: '2026-09-06T08:00:00Z',
      fields: { place: 'CN-HA.zhengzhou.test-market' },
    };
    await write('stay.json', { at: '2026-09-07T08:00:00Z', facts: [stay] });
    const args = ['explain', 'bj.json', ...SCHEME, '--facts', 'stay.json', '--json'];
    const level = async (...more: string[]) =>
      JSON.parse((await run([...args, ...more])).stdout).decision.level;
    expect([await level(), await level('--places', 'places.json')]).toEqual(['green', 'red']);
  });

  it('REQ-ISS-007 a fact that the scheme does not have is told by its place, without its text', async () => {
    await write('odd.json', { facts: [contact(1), { ...contact(1), fields: { kind: 'secret4711' } }] });
    const { code, stderr } = await run(['explain', 'bj.json', ...SCHEME, '--facts', 'odd.json']);
    expect([code, stderr]).toEqual([65, expect.stringContaining('--facts: facts.1.fields.kind')]);
    expect(stderr).not.toContain('4711');
  });
});

describe('symbolon rules diff', () => {
  it('finds the smallest set of facts on which two provinces disagree, which explain takes', async () => {
    const { code, stdout } = await run(['diff', 'bj.json', 'gd.json', ...SCHEME, ...AT, '--json']);
    expect(code).toBe(1);
    const found = JSON.parse(stdout);
    expect([found.facts.length, found.levels]).toEqual([1, ['red', 'amber']]);
    await writeFile(file('found.json'), stdout);
    for (const [index, rules] of ['bj.json', 'gd.json'].entries()) {
      const told = await run(['explain', rules, ...SCHEME, '--facts', 'found.json', '--json']);
      expect(JSON.parse(told.stdout).decision.level).toBe(found.levels[index]);
    }
    const words = await run(['diff', 'bj.json', 'gd.json', ...SCHEME, ...AT]);
    expect(words.stdout).toContain('CN-BJ: red (Red), by close-contact-7d@1');
    expect(words.stdout).toContain('5 d ago: kind = close');
  });

  it('says when none was found, and within what bound', async () => {
    const { code, stdout } = await run(['diff', 'bj.json', 'bj.json', ...SCHEME, ...AT]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('No disagreement was found with up to 3 facts'),
    ]);
  });
});

describe('symbolon rules simulate', () => {
  const subjects = [
    ...Array.from({ length: 30 }, () => ({ facts: [] })),
    ...Array.from({ length: 7 }, () => ({ facts: [contact(6)] })),
    ...Array.from({ length: 3 }, () => ({ facts: [contact(1)] })),
  ];
  const lines = subjects.map((each) => JSON.stringify(each)).join('\n');

  it('counts how many would change, from which level to which', async () => {
    await writeFile(file('subjects.jsonl'), `${lines}\n\n`);
    const args = ['simulate', 'bj.json', 'gd.json', ...SCHEME, ...AT, '--subjects'];
    const { code, stdout } = await run([...args, 'subjects.jsonl']);
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        '7 of 40 subjects would change level (17.50 %)',
        '  7 (17.50 %) from red (Red) to amber (Amber)',
        '  30 stay green (Green)',
        '  3 stay red (Red)',
        '',
      ].join('\n'),
    );
    const piped = await run([...args, '-', '--json'], lines);
    expect(JSON.parse(piped.stdout)).toEqual({
      subjects: 40,
      changed: 7,
      levels: [
        { from: 'red', to: 'amber', subjects: 7 },
        { from: 'green', to: 'green', subjects: 30 },
        { from: 'red', to: 'red', subjects: 3 },
      ],
    });
  });

  it.each([
    ['no JSON', '{"facts": [}', 'line 2'],
    ['another form', '{"fact": []}', 'line 2: facts'],
    [
      'a fact that the scheme does not have',
      '{"facts": [{"type":"flood","at":"2026-09-07T08:00:00Z"}]}',
      'line 2: facts.0.type',
    ],
  ])('a line with %s is told by its number', async (_, line, said) => {
    const args = ['simulate', 'bj.json', 'gd.json', ...SCHEME, ...AT, '--subjects', '-'];
    const { code, stderr, stdout } = await run(args, `{"facts":[]}\n${line}\n`);
    expect([code, stdout, stderr]).toEqual([65, '', expect.stringContaining(`(at ${said}`)]);
  });
});

describe('REQ-RUL-006, REQ-RUL-010 in a ceremony rules are looked at before anyone signs', () => {
  it('those that do not compile, or begin too soon, are not even proposed; sound ones are', async () => {
    const { files } = await foundRegistry({ now: parseInstant('2026-09-07T08:00:00Z') });
    await writeFiles(home.path, files);
    await writeKeys(home.path, ADMINS);
    await writeFile(file('passphrase'), PASSPHRASE, { mode: 0o600 });
    await writeFile(file('root.json'), files.get('metadata/1.root.json') ?? '');
    const environment = {
      SYMBOLON_REGISTRY: file('registry'),
      SYMBOLON_ROOT: file('root.json'),
      SYMBOLON_TEST_CLOCK: '2026-09-15T10:00:00Z',
    };
    const propose = async (change: object) => {
      const last = beijing.rules.at(-1) ?? expect.unreachable();
      const rules = [
        ...beijing.rules.slice(0, -1),
        { ...last, id: 'new-rule', when: 'size(pcr) > 9', ...change },
        last,
      ];
      const bytes = new TextEncoder().encode(JSON.stringify({ ...beijing, rules }));
      await writeContent(file('rules'), new Map([['rules.health.json', bytes]]));
      const args = [
        'registry',
        'propose',
        '--region',
        'CN-BJ',
        '--files',
        file('rules'),
        '--event',
        file('event'),
        '--dry-run',
      ];
      return runCli(args, { home: home.path, environment });
    };
    const deposits = await propose({ from: '2026-09-17T10:00:00Z', when: 'deposits.exists(d, true)' });
    expect([deposits.code, deposits.stderr]).toEqual([
      1,
      expect.stringContaining('unknown-name (new-rule@1)'),
    ]);
    const soon = await propose({ from: '2026-09-16T09:00:00Z' });
    expect([soon.code, soon.stderr]).toEqual([1, expect.stringContaining('[rule-without-lead]')]);
    expect((await propose({ from: '2026-09-16T10:00:00Z' })).code).toBe(0);
  });
});
