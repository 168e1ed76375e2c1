import type { Algorithm, PublicJwk } from '@symbolon/protocol/schemas/jwk';

/**
 * The one table of algorithms (protocol, section 3). It is resolved once, from the *registered key*; nothing below it
 * switches on names, and no message ever chooses an algorithm.
 */
export interface AlgorithmEntry {
  readonly alg: Algorithm;
  readonly kty: PublicJwk['kty'];
  readonly crv: PublicJwk['crv'];
  /** Raw signature: R || S for ES256 (RFC 7518, section 3.4), 64 bytes for Ed25519. */
  readonly signatureBytes: number;
  /** WebCrypto names for importing and for signing. */
  readonly importParameters: EcKeyImportParams | { readonly name: 'Ed25519' };
  readonly signParameters: EcdsaParams | { readonly name: 'Ed25519' };
  /** TUF 1.0, section 4.2.2. */
  readonly tufKeyType: 'ecdsa' | 'ed25519';
  readonly tufScheme: 'ecdsa-sha2-nistp256' | 'ed25519';
  /** W3C Data Integrity cryptosuite. */
  readonly cryptosuite: 'ecdsa-rdfc-2019' | 'eddsa-rdfc-2022';
  /** Multicodec prefix of the public key (Controlled Identifiers 1.0, section 2.2.2). */
  readonly multicodec: readonly [number, number];
}

export const ALGORITHMS: Readonly<Record<Algorithm, AlgorithmEntry>> = {
  ES256: {
    alg: 'ES256',
    kty: 'EC',
    crv: 'P-256',
    signatureBytes: 64,
    importParameters: { name: 'ECDSA', namedCurve: 'P-256' },
    signParameters: { name: 'ECDSA', hash: 'SHA-256' },
    tufKeyType: 'ecdsa',
    tufScheme: 'ecdsa-sha2-nistp256',
    cryptosuite: 'ecdsa-rdfc-2019',
    multicodec: [0x80, 0x24],
  },
  EdDSA: {
    alg: 'EdDSA',
    kty: 'OKP',
    crv: 'Ed25519',
    signatureBytes: 64,
    importParameters: { name: 'Ed25519' },
    signParameters: { name: 'Ed25519' },
    tufKeyType: 'ed25519',
    tufScheme: 'ed25519',
    cryptosuite: 'eddsa-rdfc-2022',
    multicodec: [0xed, 0x01],
  },
};

/** The algorithm that a public key is for. It follows from the key alone. */
export function algorithmOf(jwk: PublicJwk): AlgorithmEntry {
  return jwk.kty === 'EC' ? ALGORITHMS.ES256 : ALGORITHMS.EdDSA;
}
