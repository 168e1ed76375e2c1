import { sha256 } from '@symbolon/keys/digest';
import { concatBytes, utf8 } from '@symbolon/protocol/bytes';
import type { RandomBytes } from '@symbolon/protocol/random';

/** The same seed gives the same bytes; two calls give different ones. */
export function seededRandom(seed: string): RandomBytes {
  let calls = 0;
  return (length) => {
    const call = calls++;
    const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
      sha256(utf8(`${seed} ${call} ${i}`)),
    );
    return concatBytes(...blocks).slice(0, length);
  };
}
