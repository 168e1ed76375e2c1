import type { BatchRecord } from '@symbolon/issuer/batch-record';
import type { BatchStore } from '@symbolon/issuer/ports';
import { SymbolonError } from '@symbolon/protocol/errors';
import { given, type Item, N, number, oneOf, optional, S, text, time } from './attributes.ts';
import type { Items } from './items.ts';
import { alone } from './keys.ts';
import { asOperator, operator } from './operator.ts';
import { inQueue, QUEUES, waiting } from './queues.ts';

const batchKey = (source: string, id: string) => alone(`BATCH#${source}#${id}`);

export function batchStore(items: Items): BatchStore {
  const find = async (source: string, id: string) => {
    const item = await items.get(batchKey(source, id));
    return item === undefined ? undefined : batchOf(item);
  };
  return {
    find,
    begin: async (batch) => {
      const { source, id } = batch;
      if (await items.insert(batchKey(source, id), itemOf(batch))) return batch;
      const there = await find(source, id);
      if (there === undefined) throw new SymbolonError('storage-failed');
      return there;
    },
    move: (batch, from) => items.swap(batchKey(batch.source, batch.id), itemOf(batch), 'state', S(from)),
    held: async () => (await waiting(items, [QUEUES.batches])).map(batchOf),
  };
}

const state = oneOf<BatchRecord['state']>(['taken', 'held', 'done', 'refused']);

function itemOf(batch: BatchRecord): Item {
  return {
    source: S(batch.source),
    id: S(batch.id),
    digest: S(batch.digest),
    state: S(batch.state),
    scheme: S(batch.scheme),
    facts: N(batch.facts),
    adverse: N(batch.adverse),
    receivedAt: N(batch.receivedAt),
    submittedBy: asOperator(batch.submittedBy),
    ...given('settledBy', asOperator, batch.settledBy),
    ...given('sealed', S, batch.sealed),
    ...given('added', N, batch.added),
    ...(batch.state === 'held' ? inQueue(QUEUES.batches, batch.receivedAt) : {}),
  };
}

function batchOf(item: Item): BatchRecord {
  return {
    source: text(item, 'source'),
    id: text(item, 'id'),
    digest: text(item, 'digest'),
    state: state(item, 'state'),
    scheme: text(item, 'scheme'),
    facts: number(item, 'facts'),
    adverse: number(item, 'adverse'),
    receivedAt: time(item, 'receivedAt'),
    submittedBy: operator(item, 'submittedBy'),
    ...optional(item, 'settledBy', operator),
    ...optional(item, 'sealed', text),
    ...optional(item, 'added', number),
  };
}
