import * as z from 'zod/mini';
import type { Code } from '../codes.ts';
import { SymbolonError } from '../errors.ts';
import { isKid, isName, isRegionId, isRuleRef } from '../ids.ts';
import { formatInstant, type Instant, isInstant, parseInstant } from '../instant.ts';
import { fastDecode } from './fast-decode.ts';

const text = (bound: number) => z.string().check(z.minLength(1), z.maxLength(bound));

export const Name = z.string().check(z.refine(isName));
export const RegionId = z.string().check(z.refine(isRegionId));
export const RuleRefText = z.string().check(z.refine(isRuleRef));
/** 32 bytes in base64url: a digest, a salt, a coordinate. REQ-DEC-017: of the last digit two bits are unused, and zero. */
export const Octets32 = z.string().check(z.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/));
export const Kid = z.string().check(z.refine(isKid));

/** Words for people, in English and Chinese. */
export const Words = z.object({ en: text(512), zh: text(512) });

/** `YYYY-MM-DDTHH:MM:SSZ` on the wire, an Instant in memory. */
export const InstantText = z.codec(z.string(), z.custom<Instant>(isInstant), {
  decode: (value, context) => {
    try {
      return parseInstant(value);
    } catch {
      context.issues.push({ code: 'custom', input: value, message: 'not an instant' });
      return z.NEVER;
    }
  },
  encode: formatInstant,
});

/** JWT NumericDate in whole seconds (RFC 7519, section 2). */
export const NumericDate = z.custom<Instant>(isInstant);

/** An https URL without credentials, query or fragment: an identifier of an issuer or a list. */
export const HttpsUrl = z.string().check(
  z.maxLength(512),
  z.refine((value) => isPlainUrl(value, ['https:'])),
);

/** Where a service is reached: https, or plain http on this machine (a local federation). */
export const EndpointUrl = z.string().check(
  z.maxLength(512),
  z.refine(
    (value) =>
      isPlainUrl(value, ['https:']) ||
      (isPlainUrl(value, ['http:']) && LOOPBACK.has(new URL(value).hostname)),
  ),
);

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

function isPlainUrl(value: string, protocols: readonly string[]): boolean {
  const url = URL.parse(value);
  return (
    url !== null &&
    protocols.includes(url.protocol) &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === ''
  );
}

/**
 * Checks a value against a schema. Reports every bad path at once, never a value.
 *
 * @throws SymbolonError `code`, with the bad paths in `path`
 */
export function check<T extends z.core.$ZodType>(schema: T, value: unknown, code: Code): z.output<T> {
  const read = fastDecode(schema, value);
  if (read !== undefined) return read;
  const result = z.safeDecode(schema, value as z.input<T>);
  if (result.success) return result.data;
  const paths = new Set(result.error.issues.map((issue) => pathOf(issue)));
  throw new SymbolonError(code, { path: [...paths].slice(0, 8).join(', ') });
}

function pathOf(issue: z.core.$ZodIssue): string {
  // A key of a record can be input, so only names that look like ours are told.
  const parts = issue.path.map((part) =>
    typeof part === 'number' || isName(String(part)) || FIELD.test(String(part)) ? String(part) : '?',
  );
  return parts.length === 0 ? '(root)' : parts.join('.');
}

const FIELD = /^[a-zA-Z_][a-zA-Z0-9_]{0,31}$/;
