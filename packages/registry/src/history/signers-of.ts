import { kidOf } from '@symbolon/keys/kid';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Metadata } from '../metadata/metadata.ts';
import { type Authority, checkThreshold } from '../metadata/threshold.ts';

/** A key by both of its names: as TUF metadata calls it, and as this protocol does. */
export interface KeyName {
  readonly keyid: string;
  readonly kid: string;
}

/** The keys of an authority whose signatures on a file are there and right. */
export async function signersOf(
  metadata: Metadata<unknown>,
  authority: Authority,
): Promise<readonly KeyName[]> {
  const signers: KeyName[] = [];
  for (const { keyid, sig } of metadata.signatures) {
    const jwk = authority.keyids.includes(keyid) ? authority.keys.get(keyid) : undefined;
    if (jwk !== undefined && (await isRight(metadata, authority, keyid, sig))) {
      signers.push({ keyid, kid: kidOf(jwk) });
    }
  }
  return signers;
}

/** Whether one signature is that of this key, over this file. */
export async function isRight(
  metadata: Metadata<unknown>,
  { keys }: Pick<Authority, 'keys'>,
  keyid: string,
  sig: string,
): Promise<boolean> {
  try {
    await checkThreshold(
      { ...metadata, signatures: [{ keyid, sig }] },
      { keys, keyids: [keyid], threshold: 1 },
    );
    return true;
  } catch (error) {
    if (isSymbolonError(error)) return false;
    throw error;
  }
}
