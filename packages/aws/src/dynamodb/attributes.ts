import { SymbolonError } from '@symbolon/protocol/errors';
import { type Instant, instant } from '@symbolon/protocol/instant';
import type { Item } from './items.ts';

/** Reads typed attributes. An item of another form than the one written is `storage-failed`, never a guess. */
export function text(item: Item, name: string): string {
  const value = item[name]?.S;
  if (value === undefined) throw new SymbolonError('storage-failed', { path: name });
  return value;
}

export function number(item: Item, name: string): number {
  const value = Number(item[name]?.N);
  if (!Number.isSafeInteger(value)) throw new SymbolonError('storage-failed', { path: name });
  return value;
}

export function time(item: Item, name: string): Instant {
  return instant(number(item, name));
}

export const S = (value: string) => ({ S: value });
export const N = (value: number) => ({ N: String(value) });
