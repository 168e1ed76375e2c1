import type { EnrolmentStore } from '@symbolon/issuer/ports';
import { N, number, S, text, time } from './attributes.ts';
import type { Items } from './items.ts';
import { alone, subjectKey } from './keys.ts';

const codeKey = (codeHash: string) => alone(`CODE#${codeHash}`);
const generationKey = (subject: string) => ({ pk: subjectKey(subject), sk: 'CODES' });

export function enrolmentStore(items: Items): EnrolmentStore {
  const generationOf = async (subject: string) => {
    const item = await items.get(generationKey(subject));
    return item === undefined ? 0 : number(item, 'generation');
  };
  return {
    // One atomic addition: of two calls at once each ends a generation, and a code that was put in between ends with it.
    endAll: async (subject) => {
      await items.update(generationKey(subject), { add: { generation: 1 } });
    },
    put: async (codeHash, subject, expiresAt) => {
      const generation = N(await generationOf(subject));
      await items.insert(codeKey(codeHash), { subject: S(subject), generation, expiresAt: N(expiresAt) });
    },
    find: async (codeHash, now) => {
      const item = await items.get(codeKey(codeHash));
      if (item === undefined || time(item, 'expiresAt') <= now) return undefined;
      const subject = text(item, 'subject');
      return number(item, 'generation') === (await generationOf(subject)) ? subject : undefined;
    },
  };
}
