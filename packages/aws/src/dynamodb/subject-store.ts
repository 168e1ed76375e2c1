import type { SubjectStore } from '@symbolon/issuer/ports';
import type { SubjectProfile } from '@symbolon/issuer/profile';
import { SymbolonError } from '@symbolon/protocol/errors';
import * as z from 'zod/mini';
import { given, type Item, J, json, L, N, number, oneOf, optional, S, text, texts } from './attributes.ts';
import type { Items } from './items.ts';
import { alone } from './keys.ts';
import { pageOfShards, shardOf } from './shards.ts';
import { storeNext } from './store-next.ts';

const PROFILES = 'PROFILES#';
/** A job that visits everyone reads them one after the other, and everyone who enrols writes to one of them. */
const PROFILE_SHARDS = 64;

const profileKey = (subject: string) => ({
  pk: `${PROFILES}${shardOf(subject, PROFILE_SHARDS)}`,
  sk: subject,
});
const indexKey = (blindIndex: string) => alone(`INDEX#${blindIndex}`);

export function subjectStore(items: Items): SubjectStore {
  const find = async (blindIndex: string) => {
    const item = await items.get(indexKey(blindIndex));
    return item === undefined ? undefined : text(item, 'subject');
  };
  return {
    find,
    claim: async (blindIndex, subject) => {
      if (await items.insert(indexKey(blindIndex), { subject: S(subject) })) return subject;
      const owner = await find(blindIndex);
      if (owner === undefined) throw new SymbolonError('storage-failed');
      return owner;
    },
    profile: async (subject) => {
      const item = await items.get(profileKey(subject));
      return item === undefined ? undefined : profileOf(item);
    },
    putProfile: (profile) => storeNext(items, profileKey(profile.subject), itemOf(profile), profile.version),
    page: async (after, limit) => {
      const { sortKeys, next } = await pageOfShards(items, PROFILES, PROFILE_SHARDS, after, limit);
      return { subjects: sortKeys, next };
    },
  };
}

const Guardians = z.array(z.object({ subject: z.string(), until: z.int() }));
const kind = oneOf<SubjectProfile['kind']>(['person', 'asset']);

function itemOf({ subject, version, kind, asset, mergedInto, absorbing, guardians }: SubjectProfile): Item {
  return {
    subject: S(subject),
    version: N(version),
    kind: S(kind),
    ...given('asset', S, asset),
    ...given('mergedInto', S, mergedInto),
    absorbing: L(absorbing),
    guardians: J(guardians),
  };
}

function profileOf(item: Item): SubjectProfile {
  return {
    subject: text(item, 'subject'),
    version: number(item, 'version'),
    kind: kind(item, 'kind'),
    ...optional(item, 'asset', text),
    ...optional(item, 'mergedInto', text),
    absorbing: texts(item, 'absorbing'),
    guardians: json(Guardians)(item, 'guardians'),
  };
}
