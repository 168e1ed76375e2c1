import type { Bytes } from '@symbolon/protocol/bytes';

/**
 * Port: the metadata that this client trusts, by its name without a version (`root.json`). It is trusted as far as nobody else writes it,
 * and it is verified again whenever it is read.
 *
 * Contract: what was written is read back whole or not at all, also after a crash; a name that was removed is not read again. One client at
 * a time.
 */
export interface MetadataStore {
  read(name: string): Promise<Bytes | undefined>;
  write(name: string, bytes: Bytes): Promise<void>;
  remove(name: string): Promise<void>;
}
