import { SymbolonError } from '@symbolon/protocol/errors';
import { RegionId } from '@symbolon/protocol/schemas/common';
import * as z from 'zod/mini';

/**
 * Reads a function's configuration from its environment, once, at cold start.
 *
 * @throws SymbolonError `configuration-malformed`, naming every missing or wrong variable at once (names, never values)
 */
export function readConfiguration<T extends z.core.$ZodType>(
  schema: T,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<T> {
  const result = z.safeParse(schema, environment);
  if (result.success) return result.data;
  const names = new Set(result.error.issues.map((issue) => String(issue.path[0])));
  throw new SymbolonError('configuration-malformed', { path: [...names].join(', ') });
}

const uri = (...schemes: readonly string[]) =>
  z.string().check(
    z.maxLength(4096),
    z.refine((value) => URL.canParse(value) && schemes.some((scheme) => value.startsWith(`${scheme}://`))),
  );

const wholeNumber = z.pipe(z.string().check(z.regex(/^[1-9][0-9]{0,8}$/)), z.transform(Number));

/** The variables that functions share. Adapters are chosen by URI (protocol, section 11): no code asks where it runs. */
export const VARIABLES = {
  REGION: RegionId,
  /** Base of the registry's static files, without a trailing slash. */
  REGISTRY_URL: uri('https', 'http'),
  /** SHA-256 of the first root, hexadecimal: the trust anchor. */
  ROOT_SHA256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  TABLE_NAME: z.string().check(z.minLength(3), z.maxLength(255)),
  /** Signing keys, separated by commas: `awskms:///KEY` or `file:///key.jwe`. */
  SIGNING_KEYS: z.pipe(
    z.string().check(z.minLength(1)),
    z.pipe(
      z.transform((value: string) => value.split(',')),
      z.array(uri('awskms', 'file')).check(z.minLength(1), z.maxLength(8)),
    ),
  ),
  /** Where the passphrase of `file:` keys lies. */
  PASSPHRASE_URI: z.optional(uri('file')),
  /** Keys the blind indexes of identifiers: `awskms:///KEY` (HMAC_256) or `file:///secret`. */
  BLIND_INDEX_URI: uri('awskms', 'file'),
  /** Seals facts at rest: `awskms:///KEY` or `file:///secret`. */
  SEALING_URI: uri('awskms', 'file'),
  /** Keys of the issuer of operators' tokens: a JWK set. */
  OPERATOR_JWKS_URI: uri('https', 'file'),
  OPERATOR_ISSUER: uri('https'),
  /** Static files: `s3://bucket/prefix` or `file:///folder`. */
  OBJECTS_URI: uri('s3', 'file'),
  LIST_ENTRIES: wholeNumber,
  LIST_TTL_SECONDS: wholeNumber,
  LIST_RESIGN_SECONDS: wholeNumber,
  LIST_READABLE_SECONDS: wholeNumber,
  LIST_AHEAD_HOURS: wholeNumber,
} as const;
