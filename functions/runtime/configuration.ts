import { SymbolonError } from '@symbolon/protocol/errors';
import { RegionId } from '@symbolon/protocol/schemas/common';
import { LogName } from '@symbolon/protocol/schemas/log';
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

/** A round of a log is waited for by people. */
const witnessSeconds = z.pipe(wholeNumber, z.int().check(z.lte(60)));

/**
 * Ten days: a key is published for three epochs, and for 31 days at most (protocol, section 3). Shorter ones than two would be more entries than `keys.json` takes, as each stays until all that
 * it signed has ended.
 */
const epochHours = z.pipe(wholeNumber, z.int().check(z.gte(48), z.lte(10 * 24)));

const signingKeys = z.pipe(
  z.string().check(z.minLength(1)),
  z.pipe(
    z.transform((value: string) => value.split(',')),
    z.array(uri('awskms', 'file')).check(z.minLength(1), z.maxLength(8)),
  ),
);

/** The variables that functions share. Adapters are chosen by URI (protocol, section 11): no code asks where it runs. */
export const VARIABLES = {
  REGION: RegionId,
  /** Base of the registry's static files, without a trailing slash. */
  REGISTRY_URL: uri('https', 'http'),
  /** SHA-256 of the first root, hexadecimal: the trust anchor. */
  ROOT_SHA256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  /** The region's own copy of the registry, for a hub that is down: `s3://bucket/prefix` or `file:///folder/`. */
  REGISTRY_COPY_URI: z.optional(uri('s3', 'file')),
  TABLE_NAME: z.string().check(z.minLength(3), z.maxLength(255)),
  /** Signing keys, separated by commas: `awskms:///KEY` or `file:///key.jwe`. */
  SIGNING_KEYS: signingKeys,
  /** Keys of epochs: `s3://bucket/prefix`, wrapped by WRAPPING_KEY_URI, or `file:///folder/`, sealed by the passphrase. */
  EPOCH_KEYS_URI: uri('s3', 'file'),
  /** Wraps keys of epochs that lie in a bucket: `awskms:///KEY`, symmetric. */
  WRAPPING_KEY_URI: z.optional(uri('awskms')),
  /** Signs `keys.json` of the region: `awskms:///KEY` or `file:///key.jwe`. */
  KEYS_ROLE_KEY: uri('awskms', 'file'),
  /** Base of the registry's function that publishes, without a trailing slash. */
  REGISTRY_PUBLISH_URL: uri('https', 'http'),
  /** How long a key signs; 7 days when left out. */
  EPOCH_HOURS: z._default(epochHours, 7 * 24),
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
  /** Whether W3C Bitstring lists are published beside: `no` where no `ldp_vc` is issued. */
  LIST_BITSTRING: z._default(z.enum(['yes', 'no']), 'yes'),
  /** Where the trust bundle lies: `s3://bucket/prefix`, `file:///folder/`, or the base of a registry's static files. */
  BUNDLE_URI: uri('s3', 'file', 'https', 'http'),
  /** Where a verifier keeps what it has seen, and the bundle that it went by: `s3://bucket/prefix` or `file:///folder/`. */
  STATE_URI: uri('s3', 'file'),
  /** How often the bundle is looked for; 300 when left out. */
  REFRESH_SECONDS: z._default(wholeNumber, 300),
  /** A table of what was shown within the window. Left out, nothing is remembered. */
  REPLAY_TABLE: z.optional(z.string().check(z.minLength(3), z.maxLength(255))),
  /** Signs checkpoints of a log, and nothing else: `awskms:///KEY` or `file:///key.jwe`, Ed25519. */
  LOG_KEY: uri('awskms', 'file'),
  /** The public files of the log that the region logs in: `s3://bucket/prefix`, `file:///folder/`, or their URL. */
  LOG_URI: uri('s3', 'file', 'https', 'http'),
  /** Cosigns checkpoints, and nothing else: as LOG_KEY. */
  WITNESS_KEY: uri('awskms', 'file'),
  /** What the witness calls itself in its cosignatures: the name that federations list. */
  WITNESS_NAME: LogName,
  /** A file of the logs that a witness cosigns, one verifier key a line: `s3://bucket/file` or `file:///file`. */
  LOGS_URI: uri('s3', 'file'),
  /** A round of the log begins so often; each second when left out. */
  ROUND_SECONDS: z._default(wholeNumber, 1),
  /** For so long a witness is waited for in one round; 3 seconds when left out. */
  WITNESS_SECONDS: z._default(witnessSeconds, 3),
  /** For so long one run makes rounds: until shortly before the next one starts. */
  RUN_SECONDS: wholeNumber,
  /** Whether compact lists are published beside: about half the download, in a form of our own. */
  LIST_COMPACT: z._default(z.enum(['yes', 'no']), 'no'),
} as const;

/**
 * Where a region's functions take the keys from that sign for it: EPOCH_KEYS_URI, filled by key-epoch; or SIGNING_KEYS, for keys that people make and
 * rotate. Either or both: of what is at hand, the registry says which signs.
 */
export const SIGNER_VARIABLES = {
  EPOCH_KEYS_URI: z.optional(VARIABLES.EPOCH_KEYS_URI),
  WRAPPING_KEY_URI: VARIABLES.WRAPPING_KEY_URI,
  SIGNING_KEYS: z.optional(VARIABLES.SIGNING_KEYS),
  PASSPHRASE_URI: VARIABLES.PASSPHRASE_URI,
} as const;

/** `CN-BJ.haidian=table,...`: regions, each with its table. */
const regionTables = z.pipe(
  z.string().check(z.minLength(1)),
  z.pipe(
    z.transform((value: string) =>
      value.split(',').map((each) => {
        const [region, table] = each.split('=');
        return { region, table };
      }),
    ),
    z.array(z.object({ region: RegionId, table: z.string().check(z.minLength(3), z.maxLength(255)) })).check(
      z.maxLength(64),
      z.refine((all) => new Set(all.map(({ region }) => region)).size === all.length),
    ),
  ),
);

/** Small regions that log in the log of the region above them, with their tables. */
export const REGIONS_BELOW = z.optional(regionTables);

type Given = Readonly<Record<string, unknown>>;

/** Checks that go with the variables above. They run whatever else is wrong, so that all of it is told at once. */
export const NAMES_A_SIGNER = z.refine<Given>(
  (given) => given['EPOCH_KEYS_URI'] !== undefined || given['SIGNING_KEYS'] !== undefined,
  { path: ['EPOCH_KEYS_URI'], when: () => true },
);
export const NAMES_WHAT_OPENS_EPOCH_KEYS = z.refine<Given>(
  ({ EPOCH_KEYS_URI: uri, WRAPPING_KEY_URI: wrapping }) =>
    typeof uri !== 'string' || !uri.startsWith('s3://') || wrapping !== undefined,
  { path: ['WRAPPING_KEY_URI'], when: () => true },
);
