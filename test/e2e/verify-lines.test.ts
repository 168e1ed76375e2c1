import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packQr } from '@symbolon/credential/qr/pack';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import { packVenueCode, writeVenueCode } from '@symbolon/credential/venue-code';
import { sampleIssuer } from '@symbolon/local/sample/regions';
import { addHours, addSeconds, formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import type { Trust } from '@symbolon/verifier/trust';
import { encodeVerdict } from '@symbolon/verifier/verdict-json';
import { verify } from '@symbolon/verifier/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliResult, LAUNCHER, runCli, temporaryFolder } from '../support/cli.ts';
import {
  type FederationFixture,
  FIXTURE_NOW,
  keysFile,
  publishedKeys,
  publishUpdate,
  seededSigner,
} from '../support/federation-fixture.ts';
import { bundleOf, foundFederation, GATE, NOW, openedFrom } from '../support/verifier-federation.ts';
import { mintJsonLd, presentJsonLd } from '../support/verifier-json-ld.ts';
import { bind, CARD, CLAIMS, mint, show, UNLISTED } from '../support/verifier-showings.ts';

/** Enough for several chunks, so that several threads have work. */
const MANY = 300;
const VENUE = 'urn:symbolon:venue:CN-GD:gate-7';
const NONCE = 'AAECAwQFBgcICQoLDA0ODw';
const POLICY: Policy = { ...GATE, schemes: ['health'] };

let home: Awaited<ReturnType<typeof temporaryFolder>>;
let fixture: FederationFixture;
let trust: Trust;
let credential: string;
/** One a second, each with the time at which it is shown. */
let many: { readonly id: string; readonly at: Instant; readonly presentation: string }[];
let manyText: string;

const file = (name: string) => join(home.path, name);
const lineOf = (value: object) => JSON.stringify(value);
const showAt = (at: Instant) => bind(credential, { at });

beforeAll(async () => {
  home = await temporaryFolder();
  fixture = await foundFederation();
  await writeFile(file('older.bundle'), await bundleOf(fixture));
  const { keys } = fixture.regions['CN-GD'];
  const venueKey = await seededSigner('CN-GD venue');
  const times = { notBefore: addHours(FIXTURE_NOW, -24), notAfter: addHours(FIXTURE_NOW, 24 * 14) };
  const put = keysFile('CN-GD', [
    ...publishedKeys(fixture.regions['CN-GD'], FIXTURE_NOW),
    { signer: venueKey, use: 'venue', ...times },
  ]);
  const signedAt = addSeconds(FIXTURE_NOW, 120);
  await publishUpdate(fixture, signedAt, (draft) =>
    updateRole(draft, { role: 'CN-GD.keys', put }, [keys], signedAt),
  );
  ({ trust } = await openedFrom(fixture));
  const { region: _, requireNonce: __, ...asked } = GATE;
  const claims = { ...asked, iss: sampleIssuer('CN-GD'), venue: 'gate-7', nonce: NONCE };
  const code = await writeVenueCode(
    { ...claims, iat: FIXTURE_NOW, exp: addHours(FIXTURE_NOW, 24) },
    venueKey,
  );
  await writeFile(file('venue.txt'), packVenueCode(code));
  await writeFile(file('trust.bundle'), await bundleOf(fixture));
  await writeFile(file('root.json'), fixture.pinnedRoot);
  await writeFile(file('gate.json'), lineOf(POLICY));
  credential = discloseSdJwt(await mint(fixture), []);
  many = await Promise.all(
    Array.from({ length: MANY }, async (_unused, index) => {
      const at = addSeconds(NOW, index);
      return { id: `seat ${index}`, at, presentation: await showAt(at) };
    }),
  );
  manyText = many.map(({ at, ...each }) => `${lineOf({ ...each, at: formatInstant(at) })}\n`).join('');
  await writeFile(file('many.jsonl'), manyText);
});

afterAll(() => home.remove());

const TRUST = () => ['--trust', file('trust.bundle'), '--root', file('root.json')];
const AT = ['--at', formatInstant(NOW)];
const ENVIRONMENT = () => ({ PATH: process.env['PATH'], HOME: home.path, NO_COLOR: '1' });

/** `symbolon verify --lines -` with these lines, at the gate, now: or as of their own times. */
function judge(input: string | Uint8Array, ...options: readonly string[]): Promise<CliResult> {
  const gate = options.includes('--venue') ? [] : ['--policy', file('gate.json')];
  const at = options.includes('--line-times') ? [] : AT;
  return runCli(['verify', '--lines', '-', ...TRUST(), ...gate, ...at, ...options], {
    home: home.path,
    input,
  });
}

function judgeFile(name: string, ...options: readonly string[]): Promise<CliResult> {
  const gate = ['--policy', file('gate.json')];
  return runCli(['verify', '--lines', file(name), ...TRUST(), ...gate, ...options], { home: home.path });
}

function verifyFiles(...args: readonly string[]): Promise<CliResult> {
  return runCli(['verify', ...args, ...TRUST()], { home: home.path });
}

interface PrintedLine {
  readonly line: number;
  readonly id?: string;
  readonly error?: string;
  readonly verdict?: { readonly outcome: string; readonly findings: { readonly code: string }[] };
}

const parsed = (stdout: string): PrintedLine[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((text) => JSON.parse(text));

/** `7 refused replayed`, line by line. */
const told = (stdout: string) =>
  parsed(stdout).map(({ line, error, verdict }) =>
    [line, error ?? verdict?.outcome, ...(verdict?.findings.map(({ code }) => code) ?? [])].join(' '),
  );

describe('verify --lines', () => {
  it('gives the verdict of each line, in order, the same by one thread and by two', async () => {
    const expected: string[] = [];
    for (const [index, { id, at, presentation }] of many.entries()) {
      const verdict = encodeVerdict(await verify(presentation, trust, POLICY, at));
      expected.push(`${lineOf({ line: index + 1, id, verdict })}\n`);
    }
    const two = await judgeFile('many.jsonl', '--line-times', '--jobs', '2');
    expect(two.stdout).toBe(expected.join(''));
    expect(two.code).toBe(0);
    expect(two.stderr).toMatch(
      /^300 lines, in \d+\.\d s, \d+ a second: 300 accepted, 0 referred, 0 refused, 0 unreadable\n$/m,
    );
    const one = await judgeFile('many.jsonl', '--line-times', '--jobs', '1');
    expect(one.stdout).toBe(two.stdout);
  });

  it('REQ-DEC-027 a line that cannot be read is a result of its own, and the others go on', async () => {
    const good = await showAt(NOW);
    const lines = [
      good,
      '{"presentation": ',
      '',
      'neither text nor JSON',
      lineOf({ presentation: 7 }),
      ' \t',
      lineOf({ id: 'a', at: formatInstant(NOW), presentation: good }),
      `SYM1:${'A'.repeat(300 * 1024)}`,
      lineOf({ id: 'b', presentation: await showAt(addSeconds(NOW, 1)) }),
    ];
    const { code, stdout, stderr } = await judge(lines.join('\r\n'));
    expect(told(stdout)).toEqual([
      '1 accepted',
      '2 json-malformed',
      '4 presentation-unrecognised',
      '5 line-malformed',
      '7 line-malformed',
      '8 presentation-too-large',
      '9 accepted',
    ]);
    expect(parsed(stdout).map(({ id }) => id)).toEqual([...Array(4), 'a', undefined, 'b']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^7 lines and 2 blank, .* 2 accepted, 0 referred, 0 refused, 5 unreadable\n/);
  });

  it('REQ-DEC-012 bytes that are no text are one line that cannot be read', async () => {
    const { stdout } = await judge(
      Buffer.concat([Buffer.from('SYM1:'), Uint8Array.of(0xc3, 0x28), Buffer.from('\nSYM1:A')]),
    );
    expect(told(stdout)).toEqual(['1 utf8-malformed', '2 refused base45-malformed']);
  });

  it('REQ-DEC-027 a scanned line cannot choose its time, whatever --at is; where lines may, the run tells of an old registry', async () => {
    const presentation = await showAt(NOW);
    const line = lineOf({ id: 'mine', at: formatInstant(NOW), presentation });
    const live = await judge(line, '--at', formatInstant(addHours(NOW, 1)));
    expect([live.code, live.stdout]).toEqual([1, '{"line":1,"id":"mine","error":"line-malformed"}\n']);
    const afterwards = await judge(line, '--line-times');
    expect([afterwards.code, told(afterwards.stdout)]).toEqual([0, ['1 accepted']]);
    expect(afterwards.stderr).toMatch(
      /^The registry was signed \d+ hours ago, too long for a verdict of today/,
    );
  });

  it('REQ-DEC-005 something else beside a presentation is a refused showing, in either order; nothing else is no showing', async () => {
    const good = await showAt(NOW);
    const nothing = ['hello', 'SYM2:0'];
    const lines = [[good, 'hello'], ['hello', good], nothing, nothing.toReversed(), ['hello', 'hello'], []];
    const { stdout } = await judge(lines.map((presentation) => lineOf({ presentation })).join('\n'));
    expect(told(stdout)).toEqual([
      '1 refused presentation-unrecognised',
      '2 refused presentation-unrecognised',
      '3 refused presentation-unrecognised packing-version-unknown',
      '4 refused packing-version-unknown presentation-unrecognised',
      '5 presentation-unrecognised',
      '6 presentation-unrecognised',
    ]);
  });

  it('what a line calls itself is printed so that no terminal obeys it', async () => {
    const id = 'a\u009b2J\u202e\u2028b';
    const { stdout } = await judge(lineOf({ id, presentation: await showAt(NOW) }));
    expect(stdout).toContain('"id":"a\\u009b2J\\u202e\\u2028b"');
    expect(parsed(stdout)[0]?.id).toBe(id);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'verdicts that cannot be written: exit 73, whatever was counted',
    async () => {
      const full = openSync('/dev/full', 'w');
      const args = ['verify', '--lines', file('many.jsonl'), ...TRUST(), '--policy', file('gate.json')];
      const child = spawn(process.execPath, [LAUNCHER, ...args], {
        env: ENVIRONMENT(),
        stdio: ['ignore', full, 'pipe'],
      });
      closeSync(full);
      let stderr = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      expect((await once(child, 'close'))[0]).toBe(73);
      expect(stderr).toMatch(/^Standard output cannot be written \(ENOSPC\)\.\n/);
      expect(stderr).toContain('\nNot every line could be written');
      expect(stderr).not.toContain('went on without it');
    },
  );

  it('an empty list has an empty answer', async () => {
    const { code, stdout, stderr } = await judge('');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^0 lines, /);
  });

  it('REQ-BND-010 who is shown twice in a run is refused the second time, however far apart and however packed', async () => {
    const [first, second] = [many[0], many[1]];
    const again = packQr(first?.presentation ?? '', trust.registry.dictionary);
    const at = formatInstant(first?.at ?? NOW);
    const input = `${manyText}${lineOf({ id: 'copy', at, presentation: again })}\n${lineOf({ id: 'stale', at, presentation: second?.presentation })}`;
    const { code, stdout, stderr } = await judge(input, '--line-times', '--only', 'refused', '--jobs', '2');
    expect(told(stdout)).toEqual([`${MANY + 1} refused replayed`, `${MANY + 2} refused replayed`]);
    expect(parsed(stdout).map(({ id }) => id)).toEqual(['copy', 'stale']);
    expect(code).toBe(1);
    expect(stderr).toContain('\n  refused replayed: 2\n');
  });

  it('a card is the same text each time, and is for a person to decide: exit 2', async () => {
    const card = discloseSdJwt(await mint(fixture, { claims: CARD }), []);
    const { code, stdout } = await judge(`${card}\n${card}\n`);
    expect(told(stdout)).toEqual(['1 referred bearer', '2 referred bearer']);
    expect(code).toBe(2);
  });

  it('several shown together are one line, and JSON-LD is one, too', async () => {
    const other = await show(fixture, { seed: 'other', at: NOW });
    const together = lineOf({ presentation: [await showAt(NOW), other] });
    const jsonLd = await presentJsonLd(await mintJsonLd(fixture.regions['CN-BJ'].credential, UNLISTED));
    const { stdout } = await judge(`${together}\n${lineOf(JSON.parse(jsonLd))}\n`);
    // Two of one scheme: nobody but the holder would choose between them.
    expect(told(stdout)).toEqual(['1 refused policy-not-met', '2 accepted']);
  });

  it('--summary prints nothing else, for people or for machines', async () => {
    const input = `${await showAt(NOW)}\nnonsense\n${await showAt(addSeconds(NOW, -61))}\n`;
    const people = await judge(input, '--summary');
    expect([people.code, people.stderr]).toEqual([1, '']);
    expect(people.stdout).toMatch(/^3 lines, .* 1 accepted, 0 referred, 1 refused, 1 unreadable\n/);
    const machines = await judge(input, '--summary', '--json');
    expect(JSON.parse(machines.stdout)).toMatchObject({
      lines: 3,
      accepted: 1,
      refused: 1,
      unreadable: 1,
      why: { refused: { 'binding-stale': 1 }, unreadable: { 'presentation-unrecognised': 1 } },
      complete: true,
    });
    const beside = await judge(input, '--json', '--only', 'accepted');
    expect([told(beside.stdout), JSON.parse(beside.stderr).lines]).toEqual([['1 accepted'], 3]);
  });

  it('REQ-BUN-003 what a run has seen of the registry, the next one knows', async () => {
    expect((await judge(await showAt(NOW))).code).toBe(0);
    const { code, stdout, stderr } = await judge(await showAt(NOW), '--trust', file('older.bundle'));
    expect([code, stdout]).toEqual([65, '']);
    expect(stderr).toMatch(/\[bundle-rollback\]$/m);
  });

  it.each<[string, () => readonly string[]]>([
    ['without a policy', () => ['--lines', '-', ...TRUST()]],
    ['with a policy that cannot be used', () => ['--lines', '-', ...TRUST(), '--policy', file('bad.json')]],
    ['with a policy and a venue', () => ['--lines', '-', '--policy', 'a', '--venue', 'b']],
    ['with files', () => ['shown.txt', '--lines', '-', '--policy', file('gate.json')]],
    ['with an outcome that there is not', () => ['--lines', '-', '--only', 'refused,lost']],
    ['with no thread at all', () => ['--lines', '-', '--jobs', '0']],
    ['and its options without it', () => ['shown.txt', '--summary']],
    ['and its times without it', () => ['shown.txt', '--line-times']],
    ['with times of its own, and one for all', () => ['--lines', '-', '--line-times', ...AT]],
  ])('%s is wrong usage: exit 64, and nothing is judged', async (_, args) => {
    await writeFile(file('bad.json'), lineOf({ ...POLICY, accept: 'health.colour == 1' }));
    const { code, stdout } = await runCli(['verify', ...args()], { home: home.path, input: 'x' });
    expect([code, stdout]).toEqual([64, '']);
  });
});

describe('verify --lines while it runs', () => {
  /** Of what it prints, no more is taken than the pipe holds. */
  const startUnread = () => {
    const args = ['verify', '--lines', '-', ...TRUST(), '--policy', file('gate.json'), '--line-times'];
    const child = spawn(process.execPath, [LAUNCHER, ...args], { env: ENVIRONMENT() });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.on('error', () => undefined);
    return { child, ended: once(child, 'exit'), output: () => stderr };
  };

  const start = () => {
    const args = ['verify', '--lines', '-', ...TRUST(), '--policy', file('gate.json'), '--line-times'];
    const child = spawn(process.execPath, [LAUNCHER, ...args], { env: ENVIRONMENT() });
    const ended = once(child, 'close');
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    // What is written after it has ended goes nowhere.
    child.stdin.on('error', () => undefined);
    return { child, ended, output: () => ({ stdout, stderr }) };
  };

  it('a verdict is there before the next line comes; an interrupt ends it with what was done: exit 130', async () => {
    const { child, ended, output } = start();
    child.stdin.write(manyText.split('\n').slice(0, 2).join('\n').concat('\n'));
    while (output().stdout.split('\n').length < 3) await once(child.stdout, 'data');
    child.kill('SIGINT');
    const [code] = await ended;
    expect(code).toBe(130);
    expect(told(output().stdout)).toEqual(['1 accepted', '2 accepted']);
    expect(output().stderr).toMatch(/^Stopped before the end: 2 lines, .* 2 accepted/m);
  });

  it('an interrupt ends it though nobody takes what it prints: exit 130', async () => {
    const { child, ended, output } = startUnread();
    const feed = () => {
      while (child.stdin.writable && child.stdin.write(manyText));
    };
    child.stdin.on('drain', feed);
    feed();
    await once(child.stdout, 'readable');
    child.kill('SIGINT');
    const [code] = await ended;
    child.stdin.destroy();
    expect(code).toBe(130);
    expect(output()).toMatch(/^Stopped before the end: \d+ lines/m);
  });

  it('a reader that goes away ends it, and is told', async () => {
    const { child, ended, output } = start();
    // More than a pipe holds: without an end, it would go on for ever.
    const feed = () => {
      while (child.stdin.writable && child.stdin.write(manyText));
    };
    child.stdin.on('drain', feed);
    feed();
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = await ended;
    child.stdin.destroy();
    expect(code).toBe(73);
    expect(output().stderr).toMatch(/^Stopped before the end: \d+ lines/m);
    expect(output().stderr).not.toMatch(/\n\s+at /);
  });
});

describe('verify with several files, and at a venue', () => {
  it('several files are one showing', async () => {
    await writeFile(file('one.txt'), await showAt(NOW));
    const test = { ...UNLISTED, scheme: 'test', level: 'negative', rule: 'test-negative-3d@1' };
    const claims = { ...test, sampledAt: addHours(CLAIMS.issuedAt, -20) };
    await writeFile(file('two.txt'), await show(fixture, { claims, at: NOW }));
    const both = { ...GATE, schemes: ['health', 'test'] };
    const accept = 'health.level == "green" && test.level == "negative" && test.age < duration("48h")';
    await writeFile(file('both.json'), lineOf({ ...both, accept }));
    const policy = ['--policy', file('both.json'), ...AT];
    const together = await verifyFiles(file('one.txt'), file('two.txt'), ...policy);
    expect(together.stdout).toMatch(/^ACCEPTED\n {2}1\. health: green .*\n {2}2\. test: negative /);
    expect(together.code).toBe(0);
    const alone = await verifyFiles(file('one.txt'), ...policy, '--json');
    expect([alone.code, JSON.parse(alone.stdout).findings[0].code]).toEqual([1, 'policy-not-met']);
    expect((await verifyFiles('-', '-', ...policy)).code).toBe(64);
    expect((await verifyFiles('-', '--venue', '-', ...AT)).code).toBe(64);
  });

  it('REQ-BND-007 at a venue, what was made for nobody in particular is refused', async () => {
    await writeFile(file('for-all.txt'), await showAt(NOW));
    await writeFile(
      file('for-venue.txt'),
      await bind(credential, { at: NOW, audience: VENUE, nonce: NONCE }),
    );
    const venue = ['--venue', file('venue.txt'), ...AT];
    const answered = await verifyFiles(file('for-venue.txt'), ...venue);
    expect([answered.code, answered.stderr]).toEqual([0, '']);
    const other = await verifyFiles(file('for-all.txt'), ...venue, '--json');
    expect([other.code, JSON.parse(other.stdout).findings[0].code]).toEqual([1, 'nonce-required']);
    const bound = await bind(credential, { at: NOW, audience: VENUE, nonce: NONCE });
    const lines = await judge(`${bound}\n${await showAt(NOW)}\n`, '--venue', file('venue.txt'));
    expect(told(lines.stdout)).toEqual(['1 accepted', '2 refused nonce-required']);
  });

  it('REQ-VEN-002 the code of a venue that has ended is no policy', async () => {
    await writeFile(file('for-all.txt'), await showAt(NOW));
    const at = ['--at', formatInstant(addHours(NOW, 30))];
    const { code, stdout, stderr } = await verifyFiles(
      file('for-all.txt'),
      '--venue',
      file('venue.txt'),
      ...at,
    );
    expect([code, stdout]).toEqual([65, '']);
    expect(stderr).toMatch(/\[venue-code-expired\]$/m);
  });
});
