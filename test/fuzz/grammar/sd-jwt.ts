import type { Dice } from '../dice.ts';

/** An SD-JWT in its parts (RFC 9901, section 4), each as it stands in the text. */
export interface SdJwtDraft {
  jwt: string[];
  disclosures: string[];
  kb: string[] | undefined;
}

export function draftOf(text: string): SdJwtDraft {
  const parts = text.split('~');
  const [jwt = '', ...disclosures] = parts;
  const kb = disclosures.pop();
  return {
    jwt: jwt.split('.'),
    disclosures,
    kb: kb === undefined || kb === '' ? undefined : kb.split('.'),
  };
}

export function sdJwtOf({ jwt, disclosures, kb }: SdJwtDraft): string {
  return [jwt.join('.'), ...disclosures, kb?.join('.') ?? ''].join('~');
}

/** What a key binding covers. */
export function coveredOf(draft: SdJwtDraft): string {
  return sdJwtOf({ ...draft, kb: undefined });
}

/** By another decoder than the one under test: lenient, so that mutants of mutants stay readable. */
export function readPart(part: string): string {
  return Buffer.from(part, 'base64url').toString();
}

export function writePart(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/** Changes the draft in place. Answers what was done; undefined when there was no place for it. */
export type SdJwtChange = (
  draft: SdJwtDraft,
  dice: Dice,
  others: readonly SdJwtDraft[],
) => string | undefined;
