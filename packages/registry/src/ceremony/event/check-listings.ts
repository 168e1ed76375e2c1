import { SymbolonError } from '@symbolon/protocol/errors';
import { isJsonObject, type JsonObject } from '@symbolon/protocol/strict-json';
import type { TargetsMetadata } from '../../metadata/metadata.ts';
import type { Check } from '../checks/check.ts';

/**
 * REQ-REG-002: a file is listed by its SHA-256 and by no other hash. Standard TUF clients check every hash that they know, and this one only that: with
 * another hash that is wrong, they would refuse a file that is read here. What is published so already can be renewed.
 */
export const checkListings: Check = ({ event, published }) =>
  [...event.roles].flatMap(([role, metadata]) => {
    const before = hashesIn(published?.roles.get(role));
    return [...hashesIn(metadata)].flatMap(([path, hashes]) => {
      const others = Object.keys(hashes).filter((name) => name !== 'sha256');
      const known: JsonObject = before.get(path) ?? {};
      const isKnown =
        others.every((name) => hashes[name] === known[name]) && hashes['sha256'] === known['sha256'];
      return others.length === 0 || isKnown ? [] : [new SymbolonError('metadata-malformed', { path })];
    });
  });

function hashesIn(metadata: TargetsMetadata | undefined): ReadonlyMap<string, JsonObject> {
  const targets = metadata?.raw['targets'];
  return new Map(
    Object.entries(isJsonObject(targets) ? targets : {}).flatMap(([path, info]) => {
      const hashes = isJsonObject(info) ? info['hashes'] : undefined;
      return isJsonObject(hashes) ? [[path, hashes] as const] : [];
    }),
  );
}
