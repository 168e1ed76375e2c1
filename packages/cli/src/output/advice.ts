import type { Code } from '@symbolon/protocol/codes';
import type { SymbolonError } from '@symbolon/protocol/errors';
import { ToldError } from '../told-error.ts';

/** Who runs a command, by its first word. */
export type Audience = 'registry' | 'issuer' | 'holder' | 'venue' | 'audit' | undefined;

export function audienceOf(argv: readonly string[]): Audience {
  const audiences = ['registry', 'issuer', 'holder', 'venue', 'audit'] as const;
  return argv.flatMap((word) => audiences.filter((each) => each === word))[0];
}

/** What they do next, where the sentence of the code is meant for a verifier or says too little: by code, or by code and path. */
const ADVICE: Readonly<Record<NonNullable<Audience>, Partial<Record<Code | `${Code} ${string}`, string>>>> = {
  registry: {
    'metadata-unreachable':
      'The registry, or the function that publishes, could not be reached: check the address, and try again.',
    'publication-conflict':
      'Another publication came first: make the event again on top of it with "symbolon registry propose --event FOLDER", look, and sign again.',
  },
  issuer: {
    'metadata-unreachable':
      "The region's API could not be reached: it is where the region file says. Try again; what was sent before is kept.",
    'decision-not-adverse rule':
      'Not by this rule: the region does not publish it for this scheme, it is not in force now, its level is not adverse, or a stricter decision stands.',
    'decision-not-adverse authority':
      'Not by this office: the rule lists the offices that may decide by it, and the one that your key is listed under is none of them.',
    'decision-not-adverse until':
      'Not until then: a decision by hand ends after now, within 14 days, and not later than its rule.',
  },
  holder: {
    'decision-unlogged':
      'The decision is not in the public log yet, or, where it is worse for you, too few witnesses have seen it there: until then it does not take effect, and nobody gets credentials of it. Nothing is wrong with your code: ask again in a few minutes.',
    'metadata-unreachable':
      "The region's API could not be reached: it is where the region file says. Try again later.",
    unauthenticated:
      'The region does not take this code: it has ended or was revoked, or it is of another region. An operator of the region gives out a new one.',
    'key-unknown':
      'No region publishes the key of this code, as far as is known here: get the current registry with "symbolon trust pull". If it stays unknown, do not answer the code.',
    'key-use': 'This code was signed with a key that is not for venues: do not answer it.',
    'signature-invalid': 'No region signed this code: it was altered or forged. Do not answer it.',
    'scheme-not-asked': 'The venue does not ask for this: show what it asks for, or nothing.',
  },
  audit: {
    'metadata-unreachable':
      'The registry could not be reached, so nothing was audited: check the address, and try again later.',
  },
  venue: {
    'issuer-unknown':
      'There is no such region in this trust folder: get the current registry with "symbolon trust pull".',
    'key-unknown':
      'The region does not publish this key, as far as is known here: get the current registry with "symbolon trust pull". If it is a new one, publish it with "symbolon registry rotate venue".',
    'key-use':
      'The region publishes this key for another use: codes of venues have a key of their own, see "symbolon registry rotate venue".',
    'key-not-valid-then':
      'The key does not sign at the time of this code: it has not begun yet, or has ended ("symbolon registry status").',
    'key-revoked': 'The region has revoked this key, and every code that it signed.',
    'signature-invalid': 'The region did not sign this: the code was altered or forged.',
    'type-unexpected': 'This is a token of another kind, and not the code of a venue.',
    'algorithm-none': 'This code is not signed.',
  },
};

/** The sentence for this error and these readers. */
export function sentenceOf(error: SymbolonError, audience: Audience): string {
  if (error instanceof ToldError) return error.sentence;
  if (audience === undefined) return error.message;
  const known = ADVICE[audience];
  const { code, path } = error;
  const byPlace = path === undefined ? undefined : known[`${code} ${path}`];
  return byPlace ?? known[code] ?? error.message;
}
