import type { Signer } from '@symbolon/keys/signer';
import type { KeyUse } from '@symbolon/protocol/schemas/region';

/** A keyed hash of an identifier. Whoever has the store but not the key cannot find an identifier by trying. */
export interface BlindIndexer {
  index(identifier: string): Promise<string>;
}

/** Encrypts facts at rest. `context` is bound: what was sealed for one subject does not open for another. */
export interface Sealer {
  seal(plain: Uint8Array, context: string): Promise<string>;
  open(sealed: string, context: string): Promise<Uint8Array>;
}

/** What the key of an epoch signs. */
export const EPOCH_USES = ['credential', 'status'] as const satisfies readonly KeyUse[];
export type EpochUse = (typeof EPOCH_USES)[number];

/**
 * Custody of a region's issuing and status keys (protocol, section 3): the private half lies wrapped, and is plain in memory only. A key that was
 * made for one use does not open for another.
 */
export interface EpochKeys {
  /** Makes a key pair (ES256) and answers its kid, once the private half is stored. A call that broke off has stored it, or has left nothing. */
  make(use: EpochUse): Promise<string>;
  /** The kid of every stored key of this use, complete. Consistent: sees every finished `make` and `forget`. */
  list(use: EpochUse): Promise<readonly string[]>;
  /**
   * Nothing, when no such key is stored. What is answered holds the private key of exactly this kid, and does not give it away.
   *
   * @throws SymbolonError `key-malformed` when what is stored is no such key, whoever put it there; `storage-failed` when that cannot be told now
   */
  open(use: EpochUse, kid: string): Promise<Signer | undefined>;
  /** Says for good that a key goes out to be published, or was. Doing it again changes nothing. */
  markPublished(use: EpochUse, kid: string): Promise<void>;
  /** The kid of every key that was marked and not forgotten, complete, whether or not its private half is stored. Consistent, as `list`. */
  listPublished(use: EpochUse): Promise<readonly string[]>;
  /** Deletes a key for good, and its mark after it: a key without a mark was never published. Doing it again changes nothing. */
  forget(use: EpochUse, kid: string): Promise<void>;
}
