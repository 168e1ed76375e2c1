import type { EnrolmentStore, NonceStore, SubjectStore } from '@symbolon/issuer/ports';
import { SymbolonError } from '@symbolon/protocol/errors';
import { instant } from '@symbolon/protocol/instant';
import { N, S, text, time } from './attributes.ts';
import type { Items } from './items.ts';

export function subjectStore(items: Items): SubjectStore {
  const keyOf = (blindIndex: string) => ({ pk: `INDEX#${blindIndex}`, sk: '-' });
  const find = async (blindIndex: string) => {
    const item = await items.get(keyOf(blindIndex));
    return item === undefined ? undefined : text(item, 'subject');
  };
  const profile = (subject: string) => ({ pk: `SUBJECT#${subject}`, sk: 'PROFILE' });
  return {
    find,
    register: async (subject) => {
      await items.insert(profile(subject), {});
    },
    exists: async (subject) => (await items.get(profile(subject))) !== undefined,
    claim: async (blindIndex, subject) => {
      if (await items.insert(keyOf(blindIndex), { subject: S(subject) })) return subject;
      const owner = await find(blindIndex);
      if (owner === undefined) throw new SymbolonError('storage-failed');
      return owner;
    },
  };
}

export function enrolmentStore(items: Items): EnrolmentStore {
  const keyOf = (codeHash: string) => ({ pk: `CODE#${codeHash}`, sk: '-' });
  return {
    put: async (codeHash, subject, expiresAt) => {
      await items.insert(keyOf(codeHash), { subject: S(subject), expiresAt: N(expiresAt) });
    },
    end: async (codeHash) => {
      await items.take(keyOf(codeHash), instant(0));
    },
    find: async (codeHash, now) => {
      const item = await items.get(keyOf(codeHash));
      return item !== undefined && time(item, 'expiresAt') > now ? text(item, 'subject') : undefined;
    },
  };
}

export function nonceStore(items: Items): NonceStore {
  const keyOf = (nonce: string) => ({ pk: `NONCE#${nonce}`, sk: '-' });
  return {
    put: async (nonce, expiresAt) => {
      await items.insert(keyOf(nonce), { expiresAt: N(expiresAt) });
    },
    consume: (nonce, now) => items.take(keyOf(nonce), now),
  };
}
