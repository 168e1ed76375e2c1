import { packQr } from '@symbolon/credential/qr/pack';
import { unpackQr } from '@symbolon/credential/qr/unpack';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Dictionary } from '@symbolon/protocol/schemas/federation';
import { fromBase45, toBase45 } from '../../support/base45.ts';
import type { Dice } from '../dice.ts';
import { type CborItem, MAJOR, readCbor, writeCbor } from '../grammar/cbor.ts';
import { changeCbor } from '../grammar/cbor-mutations.ts';
import { changeQrText } from '../grammar/qr-text.ts';
import { draftOf } from '../grammar/sd-jwt.ts';
import { sdJwtMutant } from '../grammar/sd-jwt-mutant.ts';
import { FormFault } from '../oracle/sd-jwt-form.ts';
import { sdJwtJudge } from '../oracle/sd-jwt-oracle.ts';
import { failed } from '../oracle/verdict-oracle.ts';
import type { Mutant, Target } from '../target.ts';
import type { TextTargetOptions } from './sd-jwt.ts';
import { openWorld, sdJwtShowings, type World } from './world.ts';

const PREFIX = 'SYM1:';

/** QR texts: base45, the CBOR in it, and other packings of the same presentation. */
export async function openQrTarget({ meter, verify, genuine: kept }: TextTargetOptions): Promise<Target> {
  const world = await openWorld();
  const { dictionary } = world.trust.registry;
  // The first of the texts only: a card with all its details and a long presentation do not fit one code.
  const genuine = kept ?? (await sdJwtShowings(world));
  const reader = verify ?? world.verify;
  const packed = genuine.map((text) => packQr(text, dictionary));
  for (const text of packed) await reader(text);
  const written = new Set(genuine.flatMap((text) => packingsOf(text, dictionary)));
  const judgeText = await sdJwtJudge(genuine, reader, meter, packed);
  /** Also of a presentation that was signed anew, which is in no list. */
  const isWritten = (text: string) =>
    !text.startsWith('SYM') ||
    written.has(text) ||
    packingsOf(unpackQr(text, dictionary), dictionary).includes(text);
  return {
    genuine,
    mutant: (dice) => qrMutant(genuine, packed, world, dice),
    judge: async (mutant) => {
      const outcome = await judgeText({ ...mutant, input: String(mutant.input) }, (text) =>
        unpacked(text, dictionary),
      );
      if (outcome.kind !== 'unchanged') return outcome;
      const text = String(mutant.input).trim();
      return isWritten(text) ? outcome : failed('taken, in a packing that nobody writes');
    },
  };
}

function unpacked(text: string, dictionary: Dictionary): string {
  if (!text.startsWith('SYM')) return text;
  try {
    return unpackQr(text, dictionary);
  } catch (error) {
    if (isSymbolonError(error)) throw new FormFault('a packing that does not unpack');
    throw error;
  }
}

/** There is one packing for each number of names that a wallet might have known. */
function packingsOf(presentation: string, dictionary: Dictionary): readonly string[] {
  return [...dictionary.names.keys(), dictionary.names.length].flatMap(
    (count) => packWith(presentation, dictionary, count) ?? [],
  );
}

function packWith(presentation: string, { version, names }: Dictionary, count: number): string | undefined {
  try {
    return packQr(presentation, { version, names: names.slice(0, count) });
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}

async function qrMutant(
  genuine: readonly string[],
  packed: readonly string[],
  world: World,
  dice: Dice,
): Promise<Mutant> {
  const { dictionary } = world.trust.registry;
  const from = dice.below(packed.length);
  const text = packed[from] ?? '';
  const presentation = genuine[from] ?? '';
  switch (dice.below(6)) {
    case 0: {
      const { text: input, how } = changeQrText(text, dice);
      return { input, how: [how], sealed: 'not' };
    }
    case 1: {
      const names = otherNames(dictionary.names, dice);
      const input = packWith(presentation, { ...dictionary, names }, names.length) ?? text;
      return { input, how: ['another dictionary'], sealed: 'not' };
    }
    case 2: {
      const { bytes, how } = dice.oneIn(3)
        ? { bytes: writeCbor(rawOf(presentation)), how: [] }
        : changeCbor(rawOf(presentation), dictionary.names, dice);
      return { input: PREFIX + toBase45(Uint8Array.from(bytes)), how: ['raw', ...how], sealed: 'not' };
    }
    case 3: {
      const mutant = await sdJwtMutant(genuine, world, dice);
      const input = packWith(String(mutant.input), dictionary, dictionary.names.length);
      return input === undefined ? mutant : { ...mutant, input, how: [...mutant.how, 'packed'] };
    }
    default: {
      const { bytes, how } = changeCbor(
        readCbor(fromBase45(text.slice(PREFIX.length))),
        dictionary.names,
        dice,
      );
      return { input: PREFIX + toBase45(Uint8Array.from(bytes)), how, sealed: 'not' };
    }
  }
}

function otherNames(names: readonly string[], dice: Dice): string[] {
  const first = names.slice(0, dice.below(names.length + 1));
  switch (dice.below(4)) {
    case 0:
      return [...first].reverse();
    case 1:
      return [...names, 'No adverse fact is known', 'unknown'];
    default:
      return first;
  }
}

/** A presentation as its parts in bytes: the form for what is of no profile. */
function rawOf(presentation: string): CborItem {
  const { jwt, disclosures, kb } = draftOf(presentation);
  const token = (parts: readonly string[]): CborItem => array(parts.map(bytesItem));
  return array([
    { major: MAJOR.unsigned, argument: 0n },
    token(jwt),
    array(disclosures.map(bytesItem)),
    kb === undefined ? { major: MAJOR.simple, argument: 22n } : token(kb),
  ]);
}

function array(items: CborItem[]): CborItem {
  return { major: MAJOR.array, argument: BigInt(items.length), items };
}

function bytesItem(part: string): CborItem {
  const content = Buffer.from(part, 'base64url');
  return { major: MAJOR.bytes, argument: BigInt(content.length), content };
}
