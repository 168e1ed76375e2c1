import { own } from '@symbolon/protocol/own';
import type { Finding } from '@symbolon/protocol/schemas/verdict';
import { BEARER } from './bearer.ts';
import { textOf } from './text-of.ts';
import type { Language } from './titles.ts';

/** A verdict, or its JSON: what was shown, where it is told. */
interface Told {
  readonly outcome: string;
  readonly statuses?: readonly { readonly details: Readonly<Record<string, string>> }[];
}

/**
 * The sentence of a finding of this verdict: `textOf` by its code and step, and of what has no key by what it is. That is known from what was disclosed: initials are a
 * person's, `asset` is the name of a thing. Where neither was, the sentence fits both.
 */
export function textOfFinding(
  { code, step, credential = 0 }: Pick<Finding, 'code' | 'step' | 'credential'>,
  { statuses = [] }: Told,
  language: Language,
): string {
  const details = statuses[credential]?.details ?? {};
  if (code === 'bearer') {
    if (own(details, 'asset') !== undefined) return BEARER.asset[language];
    if (own(details, 'initials') !== undefined) return BEARER.person[language];
  }
  return textOf(code, language, step);
}
