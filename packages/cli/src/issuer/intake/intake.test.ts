import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStatement, STATEMENT_CLAIMS, signStatement, verifyStatement } from '@symbolon/issuer/statement';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import { SAMPLE_SCHEMES } from '@symbolon/local/sample/schemes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, formatInstant, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { Scheme } from '@symbolon/protocol/schemas/scheme';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { Interrupted } from '../../interrupted.ts';
import { UsageError } from '../../usage-error.ts';
import { readInputLine } from './input-line.ts';
import { readResumeFile, resumePath } from './resume-file.ts';
import { runIntake } from './run-intake.ts';
import type { BatchAnswer } from './send-batch.ts';
import { surveyInput } from './survey-input.ts';

const NOW = parseInstant('2026-09-07T08:00:00Z');
const AUDIENCE = 'https://cn-bj.symbolon.test';
const SECRET = 'TOPSECRETINPUT';
const signer = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'lab'));
const scheme = check(Scheme, SAMPLE_SCHEMES.health, 'metadata-malformed');
const reportable = { scheme, types: ['pcr', 'contact'], now: NOW };
const read = (text: string) => readInputLine(text, reportable);

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-intake-'));
  path = join(folder, 'tests.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const subject = (n: number) => String(n).padStart(22, 's');
const fact = (n: number, about: object = { subject: subject(n) }) => ({
  id: `lab-${n}`,
  ...about,
  type: 'pcr',
  at: '2026-09-06T20:15:00Z',
  fields: { result: n % 2 === 0 ? 'negative' : 'positive' },
});
const write = (lines: readonly object[]) =>
  writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

const Reported = z.object({ id: z.string(), subject: z.optional(z.string()) });
const Claims = z.object({
  ...STATEMENT_CLAIMS,
  iss: z.literal('lab'),
  jti: z.string(),
  scheme: z.literal('health'),
  facts: z.array(z.object({ ...Reported.shape, at: z.int() })),
  retracts: z.array(Reported),
});

/** What an issuer's intake promises, kept in memory: a batch by its id and digest once, a fact by its id once. */
function issuer({ unknown = [] as readonly string[], held = [] as readonly string[] } = {}) {
  const batches = new Map<string, string>();
  const facts = new Set<string>();
  const retracted = new Set<string>();
  const sizes: number[] = [];
  let now = NOW;
  const post = async (batch: string): Promise<BatchAnswer> => {
    const { claims, digest } = readStatement('facts', Claims, batch);
    const statement = readStatement('facts', Claims, batch);
    await verifyStatement(
      statement,
      { kid: signer.kid, alg: signer.alg, jwk: signer.publicJwk },
      AUDIENCE,
      now,
    );
    const stranger = claims.facts.findIndex((each) => unknown.includes(each.subject ?? ''));
    if (stranger >= 0) throw new SymbolonError('subject-unknown', { path: `facts.${stranger}.subject` });
    const before = batches.get(claims.jti);
    if (before !== undefined && before !== digest) throw new SymbolonError('batch-conflict');
    batches.set(claims.jti, digest);
    const count = claims.facts.length + claims.retracts.length;
    const answer = { id: claims.jti, digest, facts: claims.facts.length };
    if (claims.facts.some(({ id }) => held.includes(id))) return { ...answer, state: 'held', adverse: 7 };
    sizes.push(count);
    const added = claims.facts.filter(({ id }) => !facts.has(id)).length;
    for (const { id } of claims.facts) facts.add(id);
    for (const { id } of claims.retracts) retracted.add(id);
    return { ...answer, state: 'done', added };
  };
  return {
    post,
    batches,
    facts,
    retracted,
    sizes,
    at: (time: Instant) => {
      now = time;
    },
  };
}

interface Run {
  readonly post: (batch: string) => Promise<BatchAnswer>;
  readonly batch?: number;
  readonly skipsUnknown?: boolean;
  readonly now?: Instant;
  readonly isInterrupted?: () => boolean;
  readonly region?: string;
}

async function run({
  post,
  batch = 2,
  skipsUnknown = false,
  now = NOW,
  isInterrupted,
  region = 'CN-BJ',
}: Run) {
  const { state } = await runIntake({
    path,
    region,
    survey: await surveyInput(path, read, () => undefined),
    read,
    sender: {
      audience: AUDIENCE,
      source: 'lab',
      scheme: 'health',
      sign: (claims) => signStatement('facts', claims, signer),
      post,
    },
    batch,
    skipsUnknown,
    clock: () => now,
    isInterrupted: isInterrupted ?? (() => false),
    onState: () => undefined,
  });
  return state;
}

const seven = Array.from({ length: 7 }, (_, n) => fact(n + 1));

describe('symbolon issuer intake', () => {
  it('REQ-ISS-027 sends every line once, signed by the source, and says so the second time', async () => {
    await write([...seven, { id: 'lab-0', subject: subject(1), retract: true }]);
    const there = issuer();
    const state = await run({ post: there.post, batch: 3 });
    expect(state).toMatchObject({
      done: true,
      line: 8,
      batches: 3,
      facts: 7,
      retracts: 1,
      added: 7,
      held: [],
    });
    expect(there.sizes).toEqual([3, 3, 2]);
    expect([...there.facts]).toEqual(seven.map(({ id }) => id));
    expect([...there.retracted]).toEqual(['lab-0']);
    const again = await run({ post: () => expect.unreachable() });
    expect(again).toEqual(state);
  });

  it('REQ-ISS-007 tells every bad line by its number, without what stands there, before anything is sent', async () => {
    const bad = [
      { ...fact(1), type: SECRET },
      { ...fact(2), fields: { result: SECRET } },
      { ...fact(3), at: formatInstant(addHours(NOW, 1)) },
      { ...fact(4), identifier: { kind: 'passport', value: SECRET } },
      {
        ...fact(5, { identifier: { kind: 'passport', value: SECRET } }),
        type: 'stay',
        fields: { risk: 'low' },
      },
      { id: 'lab-6', subject: subject(6), retract: false },
      { ...fact(7), type: 'riskArea', fields: { place: SECRET, risk: 'high' } },
    ];
    await writeFile(
      path,
      `${JSON.stringify(fact(0))}\n\n${bad.map((each) => JSON.stringify(each)).join('\n')}\n{"${SECRET}`,
    );
    const error = await surveyInput(path, read, () => undefined).catch((thrown: unknown) => thrown);
    if (!(error instanceof SymbolonError && error.cause instanceof AggregateError))
      return expect.unreachable();
    const told = error.cause.errors.map((each: SymbolonError) => `${each.code} ${each.path}`);
    expect(told).toEqual([
      'fact-malformed line 3: type',
      'fact-malformed line 4: fields.result',
      'fact-malformed line 5: at',
      'fact-malformed line 6: subject',
      'source-unknown line 7: type',
      'fact-malformed line 8: retract',
      'fact-malformed line 9: type',
      'json-malformed line 10',
    ]);
    expect(`${error.message} ${error.cause.errors.map(String).join()}`).not.toContain(SECRET);
    expect(await readdir(folder)).toEqual(['tests.jsonl']);
  });

  it.each(['before', 'after'] as const)(
    'REQ-ISS-036 cut off %s any batch has arrived, the next run goes on, and sends nothing that differs',
    async (when) => {
      await write(seven);
      const whole = issuer();
      await run({ post: whole.post });
      await rm(resumePath(path));
      for (let step = 1; step <= whole.batches.size; step++) {
        const there = issuer();
        let posts = 0;
        const cut = async (batch: string) => {
          const isIt = ++posts === step;
          if (isIt && when === 'before') throw new SymbolonError('metadata-unreachable');
          const answer = await there.post(batch);
          if (isIt) throw new SymbolonError('metadata-unreachable');
          return answer;
        };
        await expect(run({ post: cut })).rejects.toMatchObject({ code: 'metadata-unreachable' });
        // An hour later: the batch that may have arrived is the same one still.
        const state = await run({ post: there.post, now: addHours(NOW, 1) });
        expect(state).toMatchObject({ done: true, line: 7, facts: 7, batches: 4 });
        expect([...there.batches]).toEqual([...whole.batches]);
        expect([...there.facts]).toEqual([...whole.facts]);
        await rm(resumePath(path));
      }
    },
  );

  it('Ctrl-C ends it between two batches, with a whole file beside the input', async () => {
    await write(seven);
    const there = issuer();
    const isInterrupted = () => there.sizes.length === 2;
    await expect(run({ post: there.post, isInterrupted })).rejects.toThrow(Interrupted);
    expect(await readResumeFile(resumePath(path))).toMatchObject({ line: 4, batches: 2, done: false });
    expect(await readdir(folder)).toEqual(['tests.jsonl', 'tests.jsonl.intake']);
    expect(await run({ post: there.post })).toMatchObject({ done: true, added: 7 });
  });

  it('REQ-ISS-028 a run that goes on the next day signs anew', async () => {
    await write(seven);
    const there = issuer();
    await expect(run({ post: there.post, isInterrupted: () => there.sizes.length === 1 })).rejects.toThrow();
    const later = addHours(NOW, 48);
    there.at(later);
    expect(await run({ post: there.post, now: later })).toMatchObject({ done: true, added: 7 });
  });

  it('REQ-ISS-005 names the line of an unknown subject; left out, all others are in', async () => {
    await write([...seven, fact(8, { subject: subject(3) })]);
    const there = issuer({ unknown: [subject(3), subject(6)] });
    const refused = await run({ post: there.post, batch: 8 }).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ code: 'subject-unknown', path: 'line 3: subject' });
    expect(there.facts.size).toBe(0);
    const state = await run({ post: there.post, batch: 8, skipsUnknown: true });
    expect(state).toMatchObject({ done: true, unknown: [3, 6, 8], facts: 5, added: 5 });
    expect([...there.facts]).toEqual(['lab-1', 'lab-2', 'lab-4', 'lab-5', 'lab-7']);
  });

  it('goes on behind a batch that waits, and keeps what a second operator needs', async () => {
    await write(seven);
    const there = issuer({ held: ['lab-3'] });
    const { held, added } = await run({ post: there.post });
    const [id = '', digest = ''] = [...there.batches][1] ?? [];
    expect([held, added]).toEqual([[{ id, digest, facts: 2, adverse: 7 }], 5]);
  });

  it('keeps what the burst guard held, each once, and says whether it was finished before', async () => {
    await write(seven);
    const there = issuer();
    const guarded = ['health/rule:positive-test-7d@1/496880'];
    const post = async (batch: string) => ({ ...(await there.post(batch)), held: guarded });
    expect((await run({ post })).bursts).toEqual(guarded);
    expect(await readResumeFile(resumePath(path))).toMatchObject({ bursts: guarded, done: true });
  });

  it('begins anew with a mended file while nothing is settled, and not when something is', async () => {
    await write([fact(1), fact(2, { subject: subject(9) })]);
    const there = issuer({ unknown: [subject(9)] });
    await expect(run({ post: there.post })).rejects.toMatchObject({ code: 'subject-unknown' });
    await write(seven);
    expect(await run({ post: there.post })).toMatchObject({ done: true, added: 7, line: 7 });
    await write([...seven, fact(8)]);
    await expect(run({ post: there.post })).rejects.toThrow(UsageError);
  });

  it('the file beside the input is of that content and purpose only, and names nobody', async () => {
    await write([fact(1, { identifier: { kind: 'passport', value: SECRET } })]);
    await run({ post: issuer().post });
    const kept = await readFile(resumePath(path), 'utf8');
    expect(kept).not.toMatch(/TOPSECRET|ssss|lab-1/);
    expect((await stat(resumePath(path))).mode & 0o777).toBe(0o600);
    await expect(run({ post: issuer().post, region: 'CN-GD' })).rejects.toThrow(UsageError);
    await write(seven);
    await expect(run({ post: issuer().post })).rejects.toThrow(UsageError);
    await writeFile(resumePath(path), '{"symbolonIntake":1}');
    await expect(run({ post: issuer().post })).rejects.toMatchObject({ code: 'input-unreadable' });
  });

  it('a line without an end is not read into memory', async () => {
    await writeFile(path, 'x'.repeat(1_000_000));
    await expect(run({ post: issuer().post })).rejects.toMatchObject({
      code: 'input-unreadable',
      path: 'line 1',
    });
    await writeFile(path, '\n \r\n');
    await expect(run({ post: issuer().post })).rejects.toMatchObject({ code: 'input-unreadable' });
  });
});
