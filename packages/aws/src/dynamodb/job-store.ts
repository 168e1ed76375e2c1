import type { JobStore } from '@symbolon/issuer/ports';
import { N, number, S, text } from './attributes.ts';
import type { Items } from './items.ts';
import { alone } from './keys.ts';
import { storeNext } from './store-next.ts';

const jobKey = (name: string) => alone(`JOB#${name}`);

export function jobStore(items: Items): JobStore {
  return {
    read: async (name) => {
      const item = await items.get(jobKey(name));
      return item && { version: number(item, 'version'), state: text(item, 'state') };
    },
    write: (name, { version, state }) =>
      storeNext(items, jobKey(name), { version: N(version), state: S(state) }, version),
  };
}
