import * as z from 'zod/mini';
import { LIMITS } from '../limits.ts';
import { EndpointUrl, Kid } from './common.ts';
import { Ed25519Jwk } from './jwk.ts';

/**
 * What a log or a witness calls itself in notes: a URL without its scheme (C2SP signed-note, tlog-checkpoint). No white space, no plus sign, so that it stands in
 * a signature line.
 */
export const LogName = z
  .string()
  .check(z.maxLength(128), z.regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?(?:\/[A-Za-z0-9._-]+)*$/));
export type LogName = z.output<typeof LogName>;

/** Logs and witnesses sign with Ed25519, as their formats ask (protocol, section 3). */
const NoteKey = { kid: Kid, alg: z.literal('EdDSA'), jwk: Ed25519Jwk };

/** Where a log is, and by which keys its checkpoints are known. While a key is replaced there are two. */
export const LogPlace = z.object({
  /** First line of every checkpoint, and the name of its keys. It never changes. */
  origin: LogName,
  /** Tiles, entries and checkpoint lie below it (C2SP tlog-tiles). */
  url: EndpointUrl,
  keys: z.array(z.object(NoteKey)).check(z.minLength(1), z.maxLength(4)),
});
export type LogPlace = z.output<typeof LogPlace>;

export const Witness = z.object({
  name: LogName,
  /** Submission prefix: `<url>/add-checkpoint` (C2SP tlog-witness). */
  url: EndpointUrl,
  ...NoteKey,
});
export type Witness = z.output<typeof Witness>;

/** Who watches the logs of a federation, and how many of them must have seen a checkpoint. */
export const Witnesses = z
  .object({
    threshold: z.int().check(z.gte(1)),
    of: z.array(Witness).check(z.minLength(1), z.maxLength(LIMITS.witnesses)),
  })
  .check(
    z.refine(({ threshold, of }) => threshold <= of.length),
    // Two names of one key would be counted as two.
    z.refine(({ of }) => new Set(of.map(({ jwk }) => jwk.x)).size === of.length),
    z.refine(({ of }) => new Set(of.map(({ name }) => name)).size === of.length),
  );
export type Witnesses = z.output<typeof Witnesses>;
