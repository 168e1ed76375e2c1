import type { ProposalStore } from '@symbolon/issuer/ports';
import type { ProposalRecord } from '@symbolon/issuer/proposal-record';
import { given, type Item, N, oneOf, optional, S, text, time } from './attributes.ts';
import type { Items } from './items.ts';
import { alone } from './keys.ts';
import { inQueue, QUEUES, waiting } from './queues.ts';

const proposalKey = (id: string) => alone(`PROPOSAL#${id}`);

export function proposalStore(items: Items): ProposalStore {
  return {
    add: (proposal) => items.insert(proposalKey(proposal.id), itemOf(proposal)),
    find: async (id) => {
      const item = await items.get(proposalKey(id));
      return item === undefined ? undefined : proposalOf(item);
    },
    move: (proposal, from) => items.swap(proposalKey(proposal.id), itemOf(proposal), 'state', S(from)),
    open: async () => (await waiting(items, [QUEUES.proposals])).map(proposalOf),
    passed: async (limit) => (await waiting(items, [QUEUES.passed], limit)).map(proposalOf),
  };
}

const state = oneOf<ProposalRecord['state']>([
  'open',
  'approved',
  'decided',
  'rejected',
  'withdrawn',
  'lapsed',
]);

function itemOf(proposal: ProposalRecord): Item {
  return {
    id: S(proposal.id),
    subject: S(proposal.subject),
    scheme: S(proposal.scheme),
    rule: S(proposal.rule),
    authority: S(proposal.authority),
    proposedBy: S(proposal.proposedBy),
    proposedAt: N(proposal.proposedAt),
    lapsesAt: N(proposal.lapsesAt),
    until: N(proposal.until),
    state: S(proposal.state),
    ...given('settledBy', S, proposal.settledBy),
    sealed: S(proposal.sealed),
    ...given('passedAt', N, proposal.passedAt),
    ...queueOf(proposal),
  };
}

function queueOf({ state, proposedAt, passedAt }: ProposalRecord): Item {
  if (state === 'open') return inQueue(QUEUES.proposals, proposedAt);
  return state === 'approved' && passedAt !== undefined ? inQueue(QUEUES.passed, passedAt) : {};
}

function proposalOf(item: Item): ProposalRecord {
  return {
    id: text(item, 'id'),
    subject: text(item, 'subject'),
    scheme: text(item, 'scheme'),
    rule: text(item, 'rule'),
    authority: text(item, 'authority'),
    proposedBy: text(item, 'proposedBy'),
    proposedAt: time(item, 'proposedAt'),
    lapsesAt: time(item, 'lapsesAt'),
    until: time(item, 'until'),
    state: state(item, 'state'),
    ...optional(item, 'passedAt', time),
    ...optional(item, 'settledBy', text),
    sealed: text(item, 'sealed'),
  };
}
