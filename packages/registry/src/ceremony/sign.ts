import { derFromRaw } from '@symbolon/keys/ecdsa-der';
import type { Signer } from '@symbolon/keys/signer';
import { type Bytes, toHex } from '@symbolon/protocol/bytes';
import { check } from '@symbolon/protocol/schemas/common';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import { identityOf } from '../metadata/keys.ts';
import { readEnvelope, signingBytesOf } from '../metadata/metadata.ts';
import { type Signature, Signatures } from '../metadata/schemas.ts';
import type { Authority } from '../metadata/threshold.ts';
import { jsonFile } from './json-file.ts';

export const SPEC_VERSION = '1.0.31';

/** A metadata file without signatures. */
export function unsigned(signed: JsonObject): Bytes {
  return writeEnvelope(signed, []);
}

/**
 * Adds signatures to a metadata file; those that are there stay, so several people can sign one after another. A signer that the
 * role does not know adds nothing. Whether enough have signed is NOT checked here.
 *
 * @throws SymbolonError `metadata-malformed`
 */
export async function cosign(bytes: Bytes, signers: readonly Signer[], authority: Authority): Promise<Bytes> {
  const { signed, signatures } = readEnvelope(bytes);
  const signingBytes = signingBytesOf(signed);
  const all = new Map(
    check(Signatures, signatures, 'metadata-malformed').map(({ keyid, sig }) => [keyid, sig]),
  );
  for (const signer of signers) {
    const keyid = keyIdIn(authority, signer);
    if (keyid === undefined) continue;
    all.set(keyid, await signatureBy(signer, signingBytes));
  }
  return writeEnvelope(
    signed,
    [...all].map(([keyid, sig]) => ({ keyid, sig })),
  );
}

/** A signature as metadata has it: DER for P-256, 64 bytes for Ed25519, in hex. */
export async function signatureBy(signer: Signer, signingBytes: Bytes): Promise<string> {
  const raw = await signer.sign(signingBytes);
  return toHex(signer.publicJwk.kty === 'EC' ? derFromRaw(raw) : raw);
}

/** The id under which a role knows the signer's key. */
export function keyIdIn({ keys, keyids }: Authority, signer: Signer): string | undefined {
  const identity = identityOf(signer.publicJwk);
  return keyids.find((id) => {
    const jwk = keys.get(id);
    return jwk !== undefined && identityOf(jwk) === identity;
  });
}

export function writeEnvelope(signed: JsonObject, signatures: readonly Signature[]): Bytes {
  return jsonFile({ signatures, signed });
}
