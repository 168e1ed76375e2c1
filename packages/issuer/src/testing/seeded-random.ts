import { sha256 } from '@symbolon/keys/digest';
import { concatBytes, utf8 } from '@symbolon/protocol/bytes';
import type { RandomBytes } from '@symbolon/protocol/random';

/** The same bytes in every run, and different ones at every call. */
export function seededRandom(seed: string): RandomBytes {
  let calls = 0;
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () => sha256(utf8(`${seed} ${calls++}`)));
    return concatBytes(...blocks).subarray(0, length);
  };
}
