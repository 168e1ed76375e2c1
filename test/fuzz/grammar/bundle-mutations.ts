import { gunzipSync, gzipSync } from 'node:zlib';
import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { writeBundle } from '@symbolon/registry/bundle';
import type { Dice } from '../dice.ts';
import { BYTES } from './bytes-mutations.ts';
import { type BundleParts, FILES } from './files-mutations.ts';

let bomb: Uint8Array | undefined;

/** Inflates to more than may come out. Made once, as it takes long. */
function bombBytes(): Uint8Array {
  bomb ??= gzipSync(Buffer.concat([Buffer.from('symbolon bundle 2\n'), Buffer.alloc(LIMITS.bundleBytes)]));
  return bomb;
}

const WHOLE: Readonly<Record<string, (parts: BundleParts, dice: Dice) => Uint8Array>> = {
  'the older bundle': ({ olderBundle }) => olderBundle,
  'two members': ({ bundle, olderBundle }, dice) =>
    Buffer.concat(dice.oneIn(2) ? [bundle, olderBundle] : [olderBundle, bundle]),
  'a bundle in a bundle': ({ bundle }) => gzipSync(bundle),
  'not compressed': ({ bundle }) => gunzipSync(bundle),
  'compressed by another': ({ bundle }, dice) => gzipSync(gunzipSync(bundle), { level: dice.below(10) }),
  'a bomb': bombBytes,
  nothing: () => new Uint8Array(),
};

/** @returns a bundle, and what was done */
export async function changeBundle(parts: BundleParts, dice: Dice): Promise<{ bytes: Bytes; how: string[] }> {
  switch (dice.below(8)) {
    case 0: {
      const [how, change] = dice.pick(Object.entries(BYTES));
      return { bytes: new Uint8Array(change(parts.bundle, dice)), how: [how] };
    }
    case 1:
    case 2: {
      const [how, change] = dice.pick(Object.entries(BYTES));
      const inflated = change(gunzipSync(parts.bundle), dice);
      return { bytes: new Uint8Array(gzipSync(inflated)), how: ['inflated', how] };
    }
    case 3: {
      // The bomb costs more than all the rest.
      const names = Object.entries(WHOLE).filter(([name]) => name !== 'a bomb' || dice.oneIn(8));
      const [how, make] = dice.pick(names);
      return { bytes: new Uint8Array(make(parts, dice)), how: [how] };
    }
    default:
      return changeFiles(parts, dice);
  }
}

async function changeFiles({ files: genuine, older, bundle }: BundleParts, dice: Dice) {
  const files = new Map(genuine);
  const how: string[] = [];
  const count = 1 + (dice.oneIn(3) ? dice.below(3) : 0);
  while (how.length < count) {
    const [name, change] = dice.pick(Object.entries(FILES));
    if (files.size > 0) change(files, dice, older);
    how.push(name);
  }
  try {
    return { bytes: await writeBundle(files), how };
  } catch (error) {
    // A path that no bundle can have.
    if (isSymbolonError(error)) return { bytes: bundle, how: ['none'] };
    throw error;
  }
}
