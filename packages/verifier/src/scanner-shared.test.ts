import { addSeconds } from '@symbolon/protocol/instant';
import { Verdict } from '@symbolon/protocol/schemas/verdict';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { createScanner } from './scanner.ts';
import { createProcessReplayMemory, type SharedReplayMemory } from './shared-replay-memory.ts';
import { NOW, trustOf } from './testing/plain-trust.ts';
import { CARD, mint, POLICY, show, showJsonLd, TESTED, UNLISTED } from './testing/presentations.ts';

const trust = trustOf();
const BOTH = { ...POLICY, schemes: ['health', 'test'], accept: 'health.present && test.present' };

/** A memory that writes down what it is asked, before it answers or fails. */
function asked(answer: (id: string) => Promise<boolean> = async () => true) {
  const ids: string[] = [];
  const memory: SharedReplayMemory = {
    claim: (id) => {
      ids.push(id);
      return answer(id);
    },
  };
  return { ids, memory };
}
const down = () => Promise.reject(new Error('no answer'));

describe('REQ-BND-010 scanners that share a memory', () => {
  it('refuse what another of them was shown, and hand nothing on', async () => {
    const memory = createProcessReplayMemory();
    const text = await show();
    const first = await createScanner(POLICY, { memory }).scan(text, trust, NOW);
    expect(first).toMatchObject({ outcome: 'accepted', findings: [] });
    const second = await createScanner(POLICY, { memory }).scan(text, trust, addSeconds(NOW, 1));
    expect(second).toMatchObject({ reason: 'not-authentic', findings: [{ code: 'replayed' }] });
    expect('statuses' in second).toBe(false);
    expect(second.basis).not.toHaveProperty('statusListAt');
  });

  it('of fifty at once, one accepts', async () => {
    const memory = createProcessReplayMemory();
    const text = await show();
    const scanners = Array.from({ length: 50 }, () => createScanner(POLICY, { memory }));
    const verdicts = await Promise.all(scanners.map((each) => each.scan(text, trust, NOW)));
    expect(verdicts.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
    expect(verdicts.filter(({ findings }) => findings[0]?.code === 'replayed')).toHaveLength(49);
  });

  it('ask it only of what is authentic, has a key and was not seen by themselves', async () => {
    const { ids, memory } = asked();
    const scanner = createScanner({ ...POLICY, onBearer: 'accepted' }, { memory });
    await scanner.scan('hello', trust, NOW);
    await scanner.scan(await show({ at: addSeconds(NOW, -61) }), trust, NOW);
    await scanner.scan(await mint(CARD), trust, NOW);
    expect(ids).toEqual([]);
    const text = await show();
    const verdict = await scanner.scan(text, trust, NOW);
    const [status] = 'statuses' in verdict ? verdict.statuses : [];
    expect(ids).toEqual([status?.presentationId]);
    expect(await scanner.scan(text, trust, NOW)).toMatchObject({ findings: [{ code: 'replayed' }] });
    expect(ids).toHaveLength(1);
  });

  it('ask it of each of several that are shown together, and refuse all when one was shown', async () => {
    const { ids, memory } = asked(async () => ids.length < 2);
    const shown = [await show(), await show({ claims: TESTED })];
    const verdict = await createScanner(BOTH, { memory }).scan(shown, trust, NOW);
    expect(new Set(ids).size).toBe(2);
    expect(verdict).toMatchObject({ reason: 'not-authentic', findings: [{ code: 'replayed' }] });
  });

  it('do not ask it of what they refuse: nobody uses up a showing by a policy that nothing meets', async () => {
    const { ids, memory } = asked();
    const nothing = createScanner({ ...POLICY, accept: 'false' }, { memory });
    const text = await show();
    expect(await nothing.scan(text, trust, NOW)).toMatchObject({ reason: 'not-accepted' });
    expect(ids).toEqual([]);
    // It remembers itself all the same.
    expect(await nothing.scan(text, trust, NOW)).toMatchObject({ findings: [{ code: 'replayed' }] });
  });

  it('claim what is referred', async () => {
    const memory = createProcessReplayMemory();
    const clock = trustOf({ newestSignedAt: addSeconds(NOW, 31) });
    const text = await show();
    expect(await createScanner(POLICY, { memory }).scan(text, clock, NOW)).toMatchObject({
      outcome: 'referred',
    });
    expect(await createScanner(POLICY, { memory }).scan(text, trust, NOW)).toMatchObject({
      findings: [{ code: 'replayed' }],
    });
  });

  it('ask it once of a JSON-LD presentation', async () => {
    const { ids, memory } = asked();
    const text = await showJsonLd(UNLISTED);
    expect(await createScanner(POLICY, { memory }).scan(text, trust, NOW)).toMatchObject({
      outcome: 'accepted',
    });
    expect(ids).toHaveLength(1);
  });
});

describe('REQ-BND-014 a shared memory that does not answer', () => {
  const finding = {
    step: 'binding',
    code: 'replay-unknown',
    requirement: 'REQ-BND-014',
    severity: 'referred',
  };

  it.each<[string, () => Promise<boolean>]>([
    ['fails later', down],
    [
      'throws at once',
      () => {
        throw new TypeError('no memory');
      },
    ],
  ])('that %s: what would be accepted is referred, with what was shown', async (_name, answer) => {
    const { memory } = asked(answer);
    const verdict = await createScanner(POLICY, { memory }).scan(await show(), trust, NOW);
    expect(verdict).toMatchObject({
      outcome: 'referred',
      statuses: [{ level: 'green' }],
      findings: [finding],
    });
    expect(z.decode(Verdict, z.encode(Verdict, verdict))).toEqual(verdict);
  });

  it('what is referred stays referred', async () => {
    const { memory } = asked(down);
    const clock = trustOf({ newestSignedAt: addSeconds(NOW, 31) });
    const referred = await createScanner(POLICY, { memory }).scan(await show(), clock, NOW);
    expect(referred).toMatchObject({ outcome: 'referred', findings: [{ code: 'clock' }, finding] });
  });

  it('what the scanner itself was shown before is refused all the same', async () => {
    const { memory } = asked(down);
    const scanner = createScanner(POLICY, { memory });
    const text = await show();
    await scanner.scan(text, trust, NOW);
    expect(await scanner.scan(text, trust, NOW)).toMatchObject({ findings: [{ code: 'replayed' }] });
  });

  it('of two that are shown together it knows one as shown, and fails on the other: refused', async () => {
    const { ids, memory } = asked(() => (ids.length === 1 ? Promise.resolve(false) : down()));
    const shown = [await show(), await show({ claims: TESTED })];
    expect(await createScanner(BOTH, { memory }).scan(shown, trust, NOW)).toMatchObject({
      findings: [{ code: 'replayed' }],
    });
  });

  it('cards go through: they are not asked of', async () => {
    const { memory } = asked(down);
    const scanner = createScanner({ ...POLICY, onBearer: 'accepted' }, { memory });
    expect(await scanner.scan(await mint(CARD), trust, NOW)).toMatchObject({ outcome: 'accepted' });
  });
});
