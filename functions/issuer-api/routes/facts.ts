import { heldBatches, settleHeldBatch } from '@symbolon/issuer/held-batches';
import { takeInBatch } from '@symbolon/issuer/intake';
import { readFacts } from '@symbolon/issuer/read-facts';
import { formatInstant } from '@symbolon/protocol/instant';
import type { Route } from '../../runtime/http-function.ts';
import { tellHeld } from '../../runtime/tell-held.ts';
import type { IssuerApi } from '../dependencies.ts';
import { operatorRoute } from '../operator-route.ts';
import { factJson } from '../record-json.ts';
import { EmptyRequest, FactsRequest, ReadFactsRequest, SettleFactsRequest } from '../requests.ts';

/** Facts come in signed batches, and nobody reads them without an entry. */
export const FACTS: readonly Route<IssuerApi>[] = [
  operatorRoute({
    path: '/facts',
    roles: ['facts'],
    schema: FactsRequest,
    handle: async (api, { request: { batch }, publication, by, now }) => {
      const taken = await takeInBatch(api, publication, batch, by, now);
      const { scheme, source, state, id, digest, facts, adverse } = taken;
      if (state === 'held') {
        api.log('facts.held', { scheme, source, adverse });
        return { status: 202, body: { state, source, id, digest, facts, adverse } };
      }
      const { added } = taken;
      api.log('facts.stored', { scheme, source, facts, new: added });
      tellHeld(api.log, ...taken.bursts);
      const held = taken.bursts.map((burst) => burst.id);
      return { status: 200, body: { state, source, id, digest, facts, added, held } };
    },
  }),
  operatorRoute({
    path: '/facts/held',
    roles: ['approve'],
    schema: EmptyRequest,
    handle: async (api, { now }) => {
      const held = await heldBatches(api.batches, now);
      return {
        status: 200,
        body: {
          held: held.map(({ source, id, digest, scheme, facts, adverse, receivedAt, submittedBy }) => ({
            source,
            id,
            digest,
            scheme,
            facts,
            adverse,
            receivedAt: formatInstant(receivedAt),
            submittedBy: { ...submittedBy },
          })),
        },
      };
    },
  }),
  operatorRoute({
    path: '/facts/settle',
    roles: ['approve'],
    schema: SettleFactsRequest,
    handle: async (api, { request: { approval }, publication, by, now }) => {
      const settled = await settleHeldBatch(api, publication, approval, by, now);
      const { source, id, state } = settled;
      const added = settled.state === 'refused' ? 0 : settled.added;
      api.log('facts.settled', { source, state, kid: by.kid });
      const bursts = settled.state === 'refused' ? [] : settled.bursts;
      tellHeld(api.log, ...bursts);
      return { status: 200, body: { source, id, state, added, held: bursts.map((burst) => burst.id) } };
    },
  }),
  operatorRoute({
    path: '/facts/read',
    roles: ['audit'],
    schema: ReadFactsRequest,
    handle: async (api, { request: { subject, scheme, reason }, publication, by, now }) => {
      const facts = await readFacts(api, publication, { subject, scheme, reason }, by, now);
      api.log('facts.read', { scheme, ...by });
      return { status: 200, body: { facts: facts.map(factJson) } };
    },
  }),
];
