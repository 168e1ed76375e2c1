import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';

const LENGTH_BYTES = 2;

/** Entries one after another, each after its length in two bytes (C2SP tlog-tiles). @throws SymbolonError `leaf-malformed` for one that is too long */
export function packEntries(entries: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(entries.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > LIMITS.leafBytes)
      throw new SymbolonError('leaf-malformed', { bound: LIMITS.leafBytes });
    view.setUint16(at, entry.length);
    out.set(entry, at + LENGTH_BYTES);
    at += LENGTH_BYTES + entry.length;
  }
  return out;
}

/** REQ-LOG-010. @param count of entries that its path says @throws SymbolonError `tile-malformed` */
export function unpackEntries(bundle: Bytes, count: number): readonly Bytes[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.length);
  const entries: Bytes[] = [];
  let at = 0;
  while (at < bundle.length) {
    const start = at + LENGTH_BYTES;
    const end = start + (start <= bundle.length ? view.getUint16(at) : 0);
    if (start > bundle.length || end > bundle.length || entries.length === count)
      throw new SymbolonError('tile-malformed');
    entries.push(bundle.subarray(start, end));
    at = end;
  }
  if (entries.length !== count) throw new SymbolonError('tile-malformed');
  return entries;
}
