import { createHash } from 'node:crypto';
import { IN_PERSON_AUDIENCE, windowNonce } from '@symbolon/credential/model';
import { hashSdJwt, writeKeyBinding } from '@symbolon/credential/sd-jwt/key-binding';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { attacker, NOW } from '../../support/verifier-federation.ts';
import type { Dice } from '../dice.ts';
import type { Mutant, Sealed } from '../target.ts';
import { holderOf, issuerOf, type World } from '../targets/world.ts';
import {
  coveredOf,
  draftOf,
  readPart,
  type SdJwtChange,
  type SdJwtDraft,
  sdJwtOf,
  writePart,
} from './sd-jwt.ts';
import { ANYONES, BINDINGS, HOLDERS, ISSUERS } from './sd-jwt-mutations.ts';

/** One mutant of one of the genuine ones: changed by anyone, or by its holder or issuer and signed anew. */
export async function sdJwtMutant(genuine: readonly string[], world: World, dice: Dice): Promise<Mutant> {
  const from = dice.below(genuine.length);
  const drafts = genuine.map(draftOf);
  const draft = drafts[from] ?? draftOf('');
  const others = drafts.filter((each) => each !== draft);
  const sealed: Sealed = dice.oneIn(3) ? (dice.oneIn(2) ? 'by-holder' : 'by-issuer') : 'not';
  const before = [...draft.disclosures];
  const changes = sealed === 'not' ? ANYONES : sealed === 'by-holder' ? HOLDERS : ISSUERS;
  const how = changed(draft, changes, others, dice);
  if (sealed === 'not' && dice.oneIn(12)) how.push(await signByStranger(draft, dice));
  if (sealed === 'by-issuer') await signAnew(draft, before, from, world);
  if (sealed !== 'not' && draft.kb !== undefined) how.push(...(await bindAnew(draft, from, dice)));
  return { input: framed(sdJwtOf(draft), dice, how), how, sealed };
}

function changed(
  draft: SdJwtDraft,
  changes: readonly SdJwtChange[],
  others: readonly SdJwtDraft[],
  dice: Dice,
): string[] {
  const how: string[] = [];
  const count = 1 + (dice.oneIn(3) ? dice.below(3) : 0);
  while (how.length < count) {
    const done = dice.pick(changes)(draft, dice, others);
    if (done !== undefined) how.push(done);
    // Some drafts have no place for what was picked.
    else if (dice.oneIn(8)) break;
  }
  return how;
}

/** Whoever brings a key along has signed with it. */
async function signByStranger(draft: SdJwtDraft, dice: Dice): Promise<string> {
  const { publicJwk, kid } = attacker;
  const token = draft.kb !== undefined && dice.oneIn(3) ? draft.kb : draft.jwt;
  const brought = dice.pick([
    {},
    { kid },
    { jwk: publicJwk },
    { kid, jwk: publicJwk },
    { x5c: ['MAA='] },
    { jku: 'https://x.example' },
  ]);
  try {
    const header: unknown = JSON.parse(readPart(token[0] ?? ''));
    token[0] = writePart(JSON.stringify({ ...Object(header), ...brought }));
  } catch {
    // What is no JSON any more is signed as it is.
  }
  token[2] = encodeBase64url(await attacker.sign(utf8(token.slice(0, 2).join('.'))));
  return 'signed by a stranger';
}

/** The digests of disclosures that were changed, wherever they stand; and the issuer's signature. */
async function signAnew(
  draft: SdJwtDraft,
  before: readonly string[],
  from: number,
  world: World,
): Promise<void> {
  const { jwt, disclosures } = draft;
  if (disclosures.length === before.length) {
    for (let at = disclosures.length - 1; at >= 0; at--) {
      const [was, is] = [digestOf(before[at] ?? ''), digestOf(disclosures[at] ?? '')];
      if (was === is || disclosures.includes(before[at] ?? '')) continue;
      const replaced = (part: string) => writePart(readPart(part).replace(was, is));
      for (const [other, text] of disclosures.entries())
        if (other < at && text !== '') disclosures[other] = replaced(text);
      jwt[1] = replaced(jwt[1] ?? '');
    }
  }
  const signature = await issuerOf(from, world).sign(utf8(jwt.slice(0, 2).join('.')));
  jwt[2] = encodeBase64url(signature);
}

async function bindAnew(draft: SdJwtDraft, from: number, dice: Dice): Promise<string[]> {
  const holder = holderOf(from);
  const claims = {
    iat: NOW,
    aud: IN_PERSON_AUDIENCE,
    nonce: windowNonce(NOW),
    sd_hash: hashSdJwt(coveredOf(draft)),
  };
  const kb = writeKeyBinding(holder.publicJwk, claims).split('.');
  const how = dice.oneIn(2) ? dice.pick(BINDINGS)(kb, dice) : undefined;
  draft.kb = [...kb, encodeBase64url(await holder.sign(utf8(kb.join('.'))))];
  return how === undefined ? [] : [`key binding: ${how}`];
}

function framed(text: string, dice: Dice, how: string[]): string {
  if (!dice.oneIn(12)) return text;
  const frame = dice.pick(['~', '\n', ' ', '\u00a0', '.', '"', '\ufeff', '\0']);
  const mode = dice.below(3);
  how.push(`framed by ${JSON.stringify(frame)}`);
  if (mode === 0) return frame + text;
  return mode === 1 ? text + frame : text.replace('~', `~${frame}`);
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
