import { packQr } from '@symbolon/credential/qr/pack';
import { unpackQr } from '@symbolon/credential/qr/unpack';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { Verdict } from '@symbolon/protocol/schemas/verdict';
import type { Trust } from '@symbolon/verifier/trust';
import { verify } from '@symbolon/verifier/verify';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { summary } from '../support/expect-verdict.ts';
import { foundFederation, GATE, NOW, openedFrom } from '../support/verifier-federation.ts';
import { CARD, mint, show } from '../support/verifier-showings.ts';

/**
 * Property (b): of an accepted presentation with one character changed, put in or taken out, none is accepted unless it decodes to the very
 * same bytes. It is not even believed: what it says is not handed on.
 */

const POLICY: Policy = { ...GATE, onBearer: 'accepted' };

let trust: Trust;
const forms = new Map<string, string>();

beforeAll(async () => {
  const fixture = await foundFederation();
  ({ trust } = await openedFrom(fixture));
  const live = await show(fixture, { disclose: ['reason'] });
  const card = await mint(fixture, { claims: CARD });
  const { dictionary } = trust.registry;
  forms.set('an SD-JWT with its proof', live);
  forms.set('its QR text', packQr(live, dictionary));
  forms.set('a card', card);
  forms.set('the QR text of a card', packQr(card, dictionary));
  forms.set('a QR text without any name of the dictionary', packQr(live, { version: 1, names: [] }));
});

const NAMES = [
  'an SD-JWT with its proof',
  'its QR text',
  'a card',
  'the QR text of a card',
  'a QR text without any name of the dictionary',
];

function decoded(text: string): string {
  const trimmed = text.trim();
  return trimmed.startsWith('SYM1:') ? unpackQr(trimmed, trust.registry.dictionary) : trimmed;
}

/** @returns whether the mutation was the same presentation after all */
async function holdsFor(original: string, mutated: string): Promise<boolean> {
  const verdict = await verify(mutated, trust, POLICY, NOW);
  expect(z.decode(Verdict, z.encode(Verdict, verdict))).toEqual(verdict);
  const { outcome, codes } = summary(verdict);
  if (outcome === 'not-authentic') {
    expect(codes).toHaveLength(1);
    return false;
  }
  expect({ outcome, decoded: decoded(mutated) }).toEqual({ outcome: 'accepted', decoded: decoded(original) });
  return true;
}

const KINDS = ['replace', 'insert', 'delete'] as const;
function mutate(text: string, at: number, kind: (typeof KINDS)[number], char: string): string {
  return text.slice(0, at) + (kind === 'delete' ? '' : char) + text.slice(kind === 'insert' ? at : at + 1);
}

/** Another character of the same kind: the next one of the alphabet that it belongs to. */
function neighbour(char: string): string {
  const alphabets = [
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    'abcdefghijklmnopqrstuvwxyz',
    '0123456789',
    '-_',
    '~.',
    ' $%*+/:',
  ];
  const alphabet = alphabets.find((each) => each.includes(char)) ?? 'ab';
  return alphabet[(alphabet.indexOf(char) + 1) % alphabet.length] ?? 'a';
}

describe.each(NAMES)('%s', (name) => {
  const original = () => forms.get(name) ?? expect.unreachable();

  it('is accepted as it is', async () => {
    expect(await holdsFor(original(), original())).toBe(true);
    expect(await holdsFor(original(), `\n${original()} `)).toBe(true);
  });

  it('is not, with any one of its characters replaced by a neighbour or taken out', async () => {
    const text = original();
    let same = 0;
    for (let at = 0; at < text.length; at++) {
      for (const mutated of [
        mutate(text, at, 'replace', neighbour(text.charAt(at))),
        mutate(text, at, 'delete', ''),
      ]) {
        if (await holdsFor(text, mutated)) same++;
      }
    }
    expect(same).toBe(0);
  });

  it('is not, with any character put in, replaced or taken out anywhere', async () => {
    const char = fc.oneof(
      fc.constantFrom(...'ABCabc019-_~. $%*+/:={}"\n\t\u00a0\ufeff'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    const text = original();
    const property = fc.asyncProperty(
      fc.nat(text.length - 1),
      fc.constantFrom(...KINDS),
      char,
      async (at, kind, one) => {
        const mutated = mutate(text, at, kind, one);
        const same = await holdsFor(text, mutated);
        // White space around it is no part of a presentation; nothing else is the same.
        expect(same).toBe(mutated.trim() === text);
      },
    );
    await fc.assert(property, { seed: 45, numRuns: 1000 });
  });
});
