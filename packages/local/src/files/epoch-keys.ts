import { readdir, rm } from 'node:fs/promises';
import type { EpochKeys, EpochUse } from '@symbolon/issuer/ports';
import { openKeyFile, sealKeyFile } from '@symbolon/keys/key-file';
import { kidOf } from '@symbolon/keys/kid';
import { generatePrivateKey, publicPart } from '@symbolon/keys/private-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import { utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { isKid } from '@symbolon/protocol/ids';
import { fileObjects, isCode } from './objects.ts';
import { readSecretFile } from './secret-file.ts';

const SUFFIX = '.jwe';
const MARK_SUFFIX = '.published';

/**
 * Epoch keys as key files, `<use>/<kid>.jwe` in a folder of their own, each sealed by one passphrase; an empty `<kid>.published` marks a published one. The folder a file lies in says what it is
 * for: whoever has the passphrase can move it, as they could make another.
 *
 * @param folder with a slash at its end
 */
export function fileEpochKeys(folder: URL, passphrase: string): EpochKeys {
  const files = fileObjects(folder, { secret: true });
  const pathOf = (use: EpochUse, kid: string, suffix: string) => {
    if (!isKid(kid)) throw new SymbolonError('id-malformed');
    return `${use}/${kid}${suffix}`;
  };
  const urlOf = (use: EpochUse, kid: string, suffix = SUFFIX) => new URL(pathOf(use, kid, suffix), folder);
  const kidsIn = async (use: EpochUse, suffix: string) => {
    const names = await readdir(new URL(`${use}/`, folder)).catch(noneWhenMissing);
    return (names ?? [])
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length))
      .filter(isKid);
  };
  return {
    make: async (use) => {
      const key = await generatePrivateKey('ES256');
      const kid = kidOf(publicPart(key));
      await files.create(pathOf(use, kid, SUFFIX), utf8(await sealKeyFile(key, passphrase)));
      return kid;
    },
    list: (use) => kidsIn(use, SUFFIX),
    open: async (use, kid) => {
      const text = await readSecretFile(urlOf(use, kid)).catch(noneWhenMissing);
      if (text === undefined) return undefined;
      const signer = await createLocalSigner(await openKeyFile(text, passphrase));
      if (signer.kid !== kid) throw new SymbolonError('key-malformed');
      return signer;
    },
    markPublished: async (use, kid) => {
      try {
        await files.create(pathOf(use, kid, MARK_SUFFIX), new Uint8Array());
      } catch (error) {
        if (!isSymbolonError(error) || error.code !== 'object-exists') throw error;
      }
    },
    listPublished: (use) => kidsIn(use, MARK_SUFFIX),
    forget: async (use, kid) => {
      await rm(urlOf(use, kid), { force: true });
      await rm(urlOf(use, kid, MARK_SUFFIX), { force: true });
    },
  };
}

function noneWhenMissing(error: unknown): undefined {
  if (isCode(error, 'ENOENT')) return undefined;
  throw error;
}
