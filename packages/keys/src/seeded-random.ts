import { sha256 } from '@symbolon/keys/digest';
import { concatBytes, utf8 } from '@symbolon/protocol/bytes';
import type { RandomBytes } from '@symbolon/protocol/random';

/** The same seed gives the same bytes; two calls give different ones. For tests and simulations only, as anyone can foresee them. */
export function insecureRandomFromSeed(seed: string): RandomBytes {
  let calls = 0;
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () => sha256(utf8(`${seed} ${calls++}`)));
    return concatBytes(...blocks).slice(0, length);
  };
}
