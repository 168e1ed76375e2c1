import { type KeyObject, sign } from 'node:crypto';
import { parseDataIntegrity } from '@symbolon/credential/data-integrity';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { mintBatch } from '@symbolon/issuer/mint-batch';
import type { Format } from '@symbolon/issuer/validity';
import { LIMITS } from '@symbolon/protocol/limits';
import { systemRandom } from '@symbolon/protocol/random';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { seededSigner } from '../../support/federation-fixture.ts';
import type { Gate } from './gate.ts';

/** The holders of a batch, and what was minted for them once: what the others in the race sign is the same. */
export interface BatchInput {
  readonly holderKeys: readonly PublicJwk[];
  readonly signingInputs: readonly Uint8Array[];
  readonly payloads: readonly Record<string, unknown>[];
}

/** Batches of as many new holder keys as a batch may have. */
export function batchInputs(gate: Gate): (batches: number) => Promise<readonly BatchInput[]> {
  let made = 0;
  return async (batches) => {
    const inputs: BatchInput[] = [];
    for (let batch = 0; batch < batches; batch++) {
      const holders = Array.from({ length: LIMITS.batchCredentials }, () => seededSigner(`batch ${made++}`));
      const holderKeys = (await Promise.all(holders)).map(({ publicJwk }) => publicJwk);
      const minted = await mint(gate, holderKeys, 'dc+sd-jwt');
      inputs.push({
        holderKeys,
        signingInputs: minted.map((text) => parseSdJwt(text).issuerSigningInput),
        payloads: minted.map((text) =>
          JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()),
        ),
      });
    }
    return inputs;
  };
}

/** The whole use case, from the decision to checked credentials, with stores in memory. */
export function mint(
  { ports, publication, decision, now }: Gate,
  holderKeys: readonly PublicJwk[],
  format: Format,
): Promise<string[]> {
  const order = { decision, format, holderKeys };
  return mintBatch({ ...ports, random: systemRandom }, publication, order, now);
}

/** A bare key object and DER: the fastest way that Node has. */
export function signAll({ signingInputs }: BatchInput, key: KeyObject): boolean {
  return signingInputs.every((input) => sign('sha256', input, key).length > 64);
}

/** Unsigned JSON-LD credentials for the library, made of those that are minted for a batch. */
export async function unsignedJsonLd(gate: Gate, { holderKeys }: BatchInput) {
  return (await mint(gate, holderKeys, 'ldp_vc')).map((credential) => {
    const { proof: _, ...document } = JSON.parse(credential);
    return { claims: parseDataIntegrity(credential).claims, document };
  });
}
