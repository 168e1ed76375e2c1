import type { EnrolmentStore, NonceStore, SubjectStore } from '@symbolon/issuer/ports';
import { SymbolonError } from '@symbolon/protocol/errors';
import { N, number, S, text, time } from './attributes.ts';
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
  const generationKey = (subject: string) => ({ pk: `SUBJECT#${subject}`, sk: 'CODES' });
  const generationOf = async (subject: string) => {
    const item = await items.get(generationKey(subject));
    return item === undefined ? 0 : number(item, 'generation');
  };
  const endAll = async (subject: string): Promise<void> => {
    const was = await generationOf(subject);
    const next = { generation: N(was + 1) };
    const ended =
      was === 0
        ? await items.insert(generationKey(subject), next)
        : await items.putIf(generationKey(subject), next, 'generation = :was', { ':was': N(was) });
    // Another call ended the same codes; a code that was put in between belongs to its generation, so end that too.
    if (!ended) await endAll(subject);
  };
  return {
    endAll,
    put: async (codeHash, subject, expiresAt) => {
      const generation = N(await generationOf(subject));
      await items.insert(keyOf(codeHash), { subject: S(subject), generation, expiresAt: N(expiresAt) });
    },
    find: async (codeHash, now) => {
      const item = await items.get(keyOf(codeHash));
      if (item === undefined || time(item, 'expiresAt') <= now) return undefined;
      const subject = text(item, 'subject');
      return number(item, 'generation') === (await generationOf(subject)) ? subject : undefined;
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
