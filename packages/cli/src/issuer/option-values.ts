import { isName, isRuleRef } from '@symbolon/protocol/ids';
import { LIMITS } from '@symbolon/protocol/limits';
import { InvalidArgumentError } from 'commander';

/** What the arguments of `symbolon issuer` look like. None of them is told back: a subject's id is a person's. */

const SUBJECT = /^[A-Za-z0-9_-]{22}$/;
const DIGEST = /^[A-Za-z0-9_-]{43}$/;
const LEAST_REASON_CHARS = 3;

export function subjectOption(value: string): string {
  if (!SUBJECT.test(value))
    throw new InvalidArgumentError('A subject has 22 characters, as "enrol" gave it.');
  return value;
}

/** The id of a proposal, or the digest of a batch. */
export function digestOption(value: string): string {
  if (!DIGEST.test(value))
    throw new InvalidArgumentError('It has 43 characters: see "proposals", or "held" for a batch.');
  return value;
}

export function schemeOption(value: string): string {
  if (!isName(value)) throw new InvalidArgumentError('It is a name in lower case, such as health.');
  return value;
}

export function ruleOption(value: string): string {
  if (!isRuleRef(value)) throw new InvalidArgumentError('A rule is written like close-contact-7d@1.');
  return value;
}

/** For options that take several. */
export function ruleOptions(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ruleOption(value)];
}

/** Why: in words, kept with what is done, and read by the person whom it is about. */
export function reasonOption(value: string): string {
  if (!isReason(value))
    throw new InvalidArgumentError(
      `Say why, in ${LEAST_REASON_CHARS} to ${LIMITS.reasonChars} characters: it is kept.`,
    );
  return value;
}

export function isReason(text: string): boolean {
  return text.trim().length >= LEAST_REASON_CHARS && text.length <= LIMITS.reasonChars;
}
