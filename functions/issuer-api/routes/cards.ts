import type { BurstRecord } from '@symbolon/issuer/burst-record';
import { evaluate } from '@symbolon/issuer/evaluate';
import { mintCard } from '@symbolon/issuer/mint-card';
import { schemeOf } from '@symbolon/issuer/publication';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Route } from '../../runtime/http-function.ts';
import { tellHeld } from '../../runtime/tell-held.ts';
import type { IssuerApi } from '../dependencies.ts';
import { operatorRoute } from '../operator-route.ts';
import { receiptBeforeMinting } from '../receipt-before-minting.ts';
import { CardRequest } from '../requests.ts';

/** People without a phone get a printed card, and things a label, at an operator's desk. */
export const CARDS: readonly Route<IssuerApi>[] = [
  operatorRoute({
    path: '/cards',
    roles: ['enrol'],
    schema: CardRequest,
    handle: async (api, { request: { subject, initials, ...request }, publication, by, now }) => {
      const scheme = schemeOf(publication, request.scheme);
      // REQ-BND-012: before anything is waited for.
      if (!scheme.bearer) throw new SymbolonError('bearer-not-allowed');
      const tell = (held: BurstRecord) => tellHeld(api.log, held);
      const { decision } = await evaluate(api, publication, scheme, subject, now, tell);
      const signers = await api.signersOf(publication, now);
      const receipt = await receiptBeforeMinting(api, scheme, decision);
      const order = { decision, by, ...(initials !== undefined && { initials }) };
      const credential = await mintCard({ ...api, signers }, publication, order, now);
      api.log('card.minted', { scheme: scheme.id });
      return {
        status: 201,
        body: { format: 'dc+sd-jwt', credential, ...(receipt !== undefined && { receipt }) },
      };
    },
  }),
];
