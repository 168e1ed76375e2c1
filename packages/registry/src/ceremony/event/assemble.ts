import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { isRight } from '../../history/signers-of.ts';
import { metadataFile } from '../../metadata/file-names.ts';
import { type Metadata, parseRoot, parseTargets } from '../../metadata/metadata.ts';
import { checkThreshold } from '../../metadata/threshold.ts';
import type { ReadFile } from '../../registry-view/source.ts';
import { writeEnvelope } from '../sign.ts';
import { authoritiesOf } from './authorities.ts';
import type { Overlay } from './lay-over.ts';
import { ROOT } from './signing-event.ts';

/**
 * A file with its right signatures, in the order of their key ids: the same signatures, the same bytes. Where a publication that broke off has left
 * the file with other signatures that are enough, that one stays: what is there is never written over.
 */
export async function assemble(
  overlay: Overlay,
  role: string,
  metadata: Metadata<{ readonly version: number }>,
  read: ReadFile | undefined,
): Promise<Bytes> {
  const authorities = authoritiesOf(overlay, role);
  const path = metadataFile(role, metadata.signed.version);
  const left = await read?.(path, { maxBytes: LIMITS.metadataBytes });
  if (left !== undefined && (await isEnough(left, role, metadata, authorities))) return left;
  const right = new Map<string, string>();
  for (const [keyid, sig] of overlay.event.signatures.get(role) ?? []) {
    for (const { authority } of authorities) {
      if (authority.keyids.includes(keyid) && (await isRight(metadata, authority, keyid, sig)))
        right.set(keyid, sig);
    }
  }
  const signatures = [...right]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([keyid, sig]) => ({ keyid, sig }));
  return writeEnvelope(metadata.raw, signatures);
}

async function isEnough(
  file: Bytes,
  role: string,
  metadata: Metadata<unknown>,
  authorities: ReturnType<typeof authoritiesOf>,
): Promise<boolean> {
  try {
    const there = role === ROOT ? parseRoot(file) : parseTargets(file);
    if (!equalBytes(there.signingBytes, metadata.signingBytes)) return false;
    for (const { authority, required } of authorities) if (required) await checkThreshold(there, authority);
    return true;
  } catch (error) {
    if (isSymbolonError(error)) return false;
    throw error;
  }
}
