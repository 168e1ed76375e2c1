import { releaseBurst } from '@symbolon/issuer/release';
import { formatInstant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import type { Route } from '../../runtime/http-function.ts';
import type { IssuerApi } from '../dependencies.ts';
import { EmptyRequest, ReleaseRequest } from '../requests.ts';

/** What the burst guard holds. Overseers are no operators of this region: their two signatures are all that a release needs. */
export const BURSTS: readonly Route<IssuerApi>[] = [
  {
    method: 'POST',
    path: '/bursts',
    handle: async (api, { body, now }) => {
      // Open to everyone: it names rules and offices, which are published, and no person.
      await api.publication(now);
      check(EmptyRequest, body, 'request-malformed');
      const open = await api.bursts.open();
      return {
        status: 200,
        body: {
          held: open.map(({ id, scheme, cause, heldAt, lapsesAt }) => ({
            id,
            scheme,
            cause,
            heldAt: formatInstant(heldAt),
            lapsesAt: formatInstant(lapsesAt),
          })),
        },
      };
    },
  },
  {
    method: 'POST',
    path: '/bursts/release',
    handle: async (api, { body, now }) => {
      const publication = await api.publication(now);
      const { releases } = check(ReleaseRequest, body, 'request-malformed');
      const burst = await releaseBurst(api, publication, releases, now);
      const rules = burst.releasedRules ?? [];
      api.log('burst.released', { burst: burst.id, rules: rules.length });
      return { status: 200, body: { id: burst.id, state: burst.state, rules: [...rules] } };
    },
  },
];
