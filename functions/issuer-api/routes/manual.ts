import { propose } from '@symbolon/issuer/propose';
import { settleProposal } from '@symbolon/issuer/settle-proposal';
import { openProposals, viewProposal } from '@symbolon/issuer/view-proposal';
import { withdrawDecision } from '@symbolon/issuer/withdraw';
import { formatInstant } from '@symbolon/protocol/instant';
import type { Route } from '../../runtime/http-function.ts';
import { tellHeld } from '../../runtime/tell-held.ts';
import type { IssuerApi } from '../dependencies.ts';
import { operatorRoute } from '../operator-route.ts';
import {
  EmptyRequest,
  ProposalRequest,
  SettleProposalRequest,
  ViewProposalRequest,
  WithdrawalRequest,
} from '../requests.ts';

/** Decisions by hand: one operator proposes and signs, another approves and signs (protocol, section 9.4). */
export const MANUAL: readonly Route<IssuerApi>[] = [
  operatorRoute({
    path: '/proposals',
    roles: ['propose'],
    schema: ProposalRequest,
    handle: async (api, { request: { proposal }, publication, by, now }) => {
      const { id, scheme, rule, lapsesAt } = await propose(api, publication, proposal, by, now);
      api.log('decision.proposed', { scheme, rule, kid: by.kid });
      return { status: 201, body: { id, lapsesAt: formatInstant(lapsesAt) } };
    },
  }),
  operatorRoute({
    path: '/proposals/open',
    roles: ['approve'],
    schema: EmptyRequest,
    handle: async (api, { now }) => {
      const open = await openProposals(api, now);
      return {
        status: 200,
        body: {
          open: open.map(({ id, scheme, rule, authority, proposedBy, proposedAt, lapsesAt }) => ({
            id,
            scheme,
            rule,
            authority,
            proposedBy,
            proposedAt: formatInstant(proposedAt),
            lapsesAt: formatInstant(lapsesAt),
          })),
        },
      };
    },
  }),
  operatorRoute({
    path: '/proposals/view',
    roles: ['approve'],
    schema: ViewProposalRequest,
    handle: async (api, { request: { proposal, reason }, publication, by, now }) => {
      const view = await viewProposal(api, publication, proposal, by, reason, now);
      api.log('facts.read', { scheme: view.scheme, ...by });
      const decisions = await api.decisions.all(view.subject, view.scheme);
      const sequence = decisions.find((each) => each.proposal === proposal)?.sequence ?? null;
      return { status: 200, body: { ...view, sequence } };
    },
  }),
  operatorRoute({
    path: '/proposals/settle',
    roles: ['approve'],
    schema: SettleProposalRequest,
    handle: async (api, { request: { approval }, publication, by, now }) => {
      const { proposal, decision, held, waitsUntil } = await settleProposal(
        api,
        publication,
        approval,
        by,
        now,
      );
      const { scheme, rule, state } = proposal;
      api.log('decision.settled', { scheme, rule, verdict: state, kid: by.kid });
      tellHeld(api.log, held);
      return {
        status: 200,
        body: {
          state,
          level: decision?.level ?? null,
          // Of this proposal only: another decision that stands is not what was approved here.
          sequence: decision?.proposal === proposal.id ? decision.sequence : null,
          held: held?.id ?? null,
          waitsUntil: waitsUntil === undefined ? null : formatInstant(waitsUntil),
        },
      };
    },
  }),
  operatorRoute({
    path: '/decisions/withdraw',
    // Either of the two roles that it takes to make a manual decision can end one.
    roles: ['propose', 'approve'],
    schema: WithdrawalRequest,
    handle: async (api, { request: { withdrawal }, publication, by, now }) => {
      const { decision, held } = await withdrawDecision(api, publication, withdrawal, by, now);
      api.log('decision.withdrawn', { kid: by.kid });
      tellHeld(api.log, held);
      return { status: 200, body: { level: decision?.level ?? null, rule: decision?.rule ?? null } };
    },
  }),
];
