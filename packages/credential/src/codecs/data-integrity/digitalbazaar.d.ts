/** The part of Digital Bazaar's libraries that is used here. They come without types. */

declare module '@digitalbazaar/credentials-context' {
  export const contexts: ReadonlyMap<string, object>;
}

declare module '@digitalbazaar/data-integrity' {
  export interface ProofSigner {
    /** Id of the verification method. */
    readonly id: string | undefined;
    /** Curve: `P-256`, `Ed25519`. */
    readonly algorithm: string;
    sign(options: { readonly data: Uint8Array }): Promise<Uint8Array>;
  }

  export interface Cryptosuite {
    readonly name: string;
    readonly requiredAlgorithm: string | readonly string[];
    /** N-Quads in canonical form (RDFC-1.0). */
    canonize(
      document: object,
      options: { readonly documentLoader: import('jsonld-signatures').DocumentLoader },
    ): Promise<string>;
  }

  export class DataIntegrityProof {
    constructor(options: {
      readonly cryptosuite: Cryptosuite;
      readonly signer?: ProofSigner;
      /** `proof.created`; without it, the present second. */
      readonly date?: string;
    });
    readonly cryptosuite: string;
    /** A proof of the document as it is given, which is left as it is. */
    createProof(options: {
      readonly document: object;
      readonly purpose: object;
      readonly documentLoader: import('jsonld-signatures').DocumentLoader;
    }): Promise<object>;
    /** Checks the one proof against the document as it is given: what else secures it is the caller's to leave in or out. */
    verifyProof(options: {
      readonly proof: object;
      readonly document: object;
      readonly documentLoader: import('jsonld-signatures').DocumentLoader;
    }): Promise<import('jsonld-signatures').VerifyResult>;
  }
}

declare module '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite' {
  export const cryptosuite: import('@digitalbazaar/data-integrity').Cryptosuite;
}

declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: import('@digitalbazaar/data-integrity').Cryptosuite;
}

declare module '@digitalbazaar/ecdsa-multikey' {
  export interface KeyPair {
    readonly publicKeyMultibase: string;
    signer(): import('@digitalbazaar/data-integrity').ProofSigner;
  }
  export function fromJwk(options: {
    readonly jwk: object;
    readonly secretKey?: boolean;
    readonly id?: string;
    readonly controller?: string;
  }): Promise<KeyPair>;
}

declare module '@digitalbazaar/ed25519-multikey' {
  export function generate(options: {
    readonly id: string;
    readonly controller: string;
    readonly seed: Uint8Array;
  }): Promise<import('@digitalbazaar/ecdsa-multikey').KeyPair>;
}

declare module 'jsonld-signatures' {
  import type { DataIntegrityProof } from '@digitalbazaar/data-integrity';

  export interface RemoteDocument {
    readonly contextUrl: null;
    readonly documentUrl: string;
    readonly document: object;
    /** A static document is processed once and remembered. */
    readonly tag?: 'static';
  }
  export type DocumentLoader = (url: string) => Promise<RemoteDocument>;

  /** What a controller document must say for a proof to count. */
  export interface Controller {
    readonly id: string;
    readonly assertionMethod?: readonly string[];
    readonly authentication?: readonly string[];
  }

  export interface VerifyResult {
    readonly verified: boolean;
    readonly error?: unknown;
  }

  const jsigs: {
    /** Can reject as well as answer `verified: false`. */
    verify(
      document: object,
      options: {
        readonly suite: DataIntegrityProof;
        readonly purpose: object;
        readonly documentLoader: DocumentLoader;
      },
    ): Promise<VerifyResult>;
    readonly purposes: {
      readonly AuthenticationProofPurpose: new (options: {
        readonly controller: Controller;
        readonly challenge: string;
        readonly domain: string;
      }) => object;
    };
  };
  export default jsigs;
}

declare module '@digitalbazaar/vc' {
  import type { DataIntegrityProof } from '@digitalbazaar/data-integrity';
  import type { Controller, DocumentLoader, VerifyResult } from 'jsonld-signatures';

  export interface StatusOptions {
    readonly credential: object;
    readonly suite: DataIntegrityProof | readonly DataIntegrityProof[];
    readonly documentLoader: DocumentLoader;
  }
  export type CheckStatus = (options: StatusOptions) => Promise<VerifyResult>;

  export class CredentialIssuancePurpose {
    constructor(options: { readonly controller: Controller });
  }

  /** Adds `proof` to the credential, and answers that. */
  export function issue(options: {
    readonly credential: object;
    readonly suite: DataIntegrityProof;
    readonly documentLoader: DocumentLoader;
  }): Promise<object>;

  export function verifyCredential(options: {
    readonly credential: object;
    readonly suite: DataIntegrityProof | readonly DataIntegrityProof[];
    readonly documentLoader: DocumentLoader;
    readonly purpose?: CredentialIssuancePurpose;
    /** The time that the validity is held to. */
    readonly now: Date;
    /** Asked where the credential has a status. */
    readonly checkStatus?: CheckStatus;
  }): Promise<VerifyResult>;

  export function signPresentation(options: {
    readonly presentation: object;
    readonly suite: DataIntegrityProof;
    readonly documentLoader: DocumentLoader;
    readonly challenge: string;
    readonly domain: string;
  }): Promise<object>;

  /** Presentation and credentials. Can reject as well as answer `verified: false`. */
  export function verify(options: {
    readonly presentation: object;
    readonly suite: DataIntegrityProof | readonly DataIntegrityProof[];
    readonly documentLoader: DocumentLoader;
    readonly challenge: string;
    readonly domain: string;
    readonly now: Date;
    readonly checkStatus?: CheckStatus;
  }): Promise<VerifyResult>;
}

declare module '@digitalbazaar/vc-bitstring-status-list' {
  import type { StatusOptions } from '@digitalbazaar/vc';

  export interface BitstringStatusList {
    readonly length: number;
    setStatus(index: number, status: boolean): void;
    getStatus(index: number): boolean;
    encode(): Promise<string>;
  }
  export function createList(options: { readonly length: number }): Promise<BitstringStatusList>;
  export function decodeList(options: { readonly encodedList: string }): Promise<BitstringStatusList>;

  /** Without issuer, times and ttl. */
  export function createCredential(options: {
    readonly id: string;
    readonly list: BitstringStatusList;
    readonly statusPurpose: string;
  }): Promise<{ readonly credentialSubject: object }>;

  export interface StatusResult {
    readonly verified: boolean;
    readonly error?: unknown;
    readonly results?: readonly {
      readonly status: boolean;
      readonly credentialStatus: { readonly statusPurpose: string };
    }[];
  }
  /** Loads the lists of a credential, verifies them by the real clock, and reads its entries. */
  export function checkStatus(options: StatusOptions): Promise<StatusResult>;
}
