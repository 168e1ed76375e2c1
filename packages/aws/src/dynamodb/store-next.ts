import { type Item, N } from './attributes.ts';
import type { Items, Key } from './items.ts';

/** Compare and swap by the attribute `version`: puts version 1 where there is nothing, and any later one over the version before it. */
export function storeNext(items: Items, key: Key, item: Item, version: number): Promise<boolean> {
  return version === 1 ? items.insert(key, item) : items.swap(key, item, 'version', N(version - 1));
}
