import { LIMITS } from '@symbolon/protocol/limits';

const SEGMENT = '[A-Za-z0-9][A-Za-z0-9._~@+-]*';
const PLAIN = new RegExp(`^${SEGMENT}(?:/${SEGMENT})*$`);
const PATTERN = /^[A-Za-z0-9*?][A-Za-z0-9._~@+*?-]*(?:\/[A-Za-z0-9*?][A-Za-z0-9._~@+*?-]*)*$/;

/** What the consistent name of a target adds to its path: `targets/` and a SHA-256 with its dot. */
const CONSISTENT_NAME_CHARS = 'targets/'.length + 64 + 1;

/**
 * A relative path that is the same thing to a file system, a URL and an object store: no empty, hidden or dotted segment,
 * nothing to escape. Narrower than TUF asks, so that two readers never see two files.
 */
export function isPlainPath(text: string): boolean {
  return text.length <= LIMITS.registryPathChars && PLAIN.test(text);
}

/** A TARGETPATH of this registry (TUF 1.0, section 4.5). */
export function isTargetPath(text: string): boolean {
  return text.length + CONSISTENT_NAME_CHARS <= LIMITS.registryPathChars && PLAIN.test(text);
}

/** A PATHPATTERN: a plain path with `*` and `?`. What other matchers read specially (`[`, `{`, `!`) is not allowed. */
export function isPathPattern(text: string): boolean {
  return text.length <= LIMITS.registryPathChars && PATTERN.test(text);
}

const SLASH = 0x2f;
const STAR = 0x2a;
const ANY = 0x3f;

/**
 * Whether a path matches a pattern (TUF 1.0, section 4.5): `*` stands for any characters and `?` for one, and neither
 * crosses a `/`. Time is at most the product of the lengths, whatever the pattern; most patterns are told apart at their first letters.
 */
export function matchesPattern(path: string, pattern: string): boolean {
  let at = 0;
  let i = 0;
  /** The last `*` of this segment, and how far it has reached. */
  let star = -1;
  let reached = 0;
  while (at < path.length) {
    const char = path.charCodeAt(at);
    const wanted = pattern.charCodeAt(i);
    if (wanted === STAR) {
      star = i++;
      reached = at;
    } else if (wanted === char || (wanted === ANY && char !== SLASH)) {
      if (char === SLASH) star = -1;
      i++;
      at++;
    } else if (star >= 0 && path.charCodeAt(reached) !== SLASH) {
      i = star + 1;
      at = ++reached;
    } else {
      return false;
    }
  }
  while (pattern.charCodeAt(i) === STAR) i++;
  return i === pattern.length;
}
