import { utf8 } from '@symbolon/protocol/bytes';

/*
 * The inflated form of a bundle (docs/spec/trust-bundle.md): one text, which is the files one after another and then their paths, told by operations.
 * Most of a registry is said many times over. What is not is keys, signatures and hashes: these are kept as bytes, and the hash of a file that is in
 * the bundle is not kept at all.
 */

/** What an inflated bundle begins with. */
export const MAGIC = utf8('symbolon bundle 2\n');

/** The low three bits of an operation. What is above them is its number `n`. */
export const OP = {
  /** The file ends here. n is 0. */
  end: 0,
  /** The next n bytes of the literals. */
  literal: 1,
  /** n bytes of what came out before. A second, signed number says how much farther back than those of the last copy. */
  copy: 2,
  /** The next n bytes of the binary part, as lower-case hexadecimal digits. */
  hex: 3,
  /** The same, as base64 with padding. */
  base64: 4,
  /** The same, as base64url without padding. */
  base64url: 5,
  /** The SHA-256 of a file that came out before, in hex. n, signed, counts from the file after the one that was last told so. */
  digest: 6,
} as const;

export const DIGEST_CHARS = 64;
