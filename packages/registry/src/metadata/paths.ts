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

/**
 * Whether a path matches a pattern (TUF 1.0, section 4.5): `*` stands for any characters and `?` for one, and neither
 * crosses a `/`. Time is at most the product of the lengths, whatever the pattern.
 */
export function matchesPattern(path: string, pattern: string): boolean {
  const segments = path.split('/');
  const patterns = pattern.split('/');
  return (
    segments.length === patterns.length &&
    patterns.every((each, i) => matchesSegment(segments[i] ?? '', each))
  );
}

function matchesSegment(text: string, pattern: string): boolean {
  let at = 0;
  let i = 0;
  /** The last `*`, and how much of the text it has taken so far. */
  let star = -1;
  let taken = 0;
  while (at < text.length) {
    if (pattern[i] === '*') {
      star = i++;
      taken = at;
    } else if (pattern[i] === '?' || pattern[i] === text[at]) {
      i++;
      at++;
    } else if (star >= 0) {
      i = star + 1;
      at = ++taken;
    } else {
      return false;
    }
  }
  while (pattern[i] === '*') i++;
  return i === pattern.length;
}
