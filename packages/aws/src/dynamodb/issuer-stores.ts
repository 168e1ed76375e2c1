import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type {
  DecisionStore,
  EnrolmentStore,
  FactStore,
  ListStore,
  MintStore,
  NonceStore,
  SubjectStore,
} from '@symbolon/issuer/ports';
import { decisionStore, factStore, mintStore } from './decision-stores.ts';
import { itemsOf } from './items.ts';
import { listStore } from './list-store.ts';
import { enrolmentStore, nonceStore, subjectStore } from './subject-stores.ts';

export interface IssuerStores {
  readonly subjects: SubjectStore;
  readonly enrolments: EnrolmentStore;
  readonly nonces: NonceStore;
  readonly facts: FactStore;
  readonly decisions: DecisionStore;
  readonly mints: MintStore;
  readonly lists: ListStore;
}

/** The issuer's stores on one DynamoDB table (see table.ts for its items). */
export function issuerStores(client: DynamoDBClient, table: string): IssuerStores {
  const items = itemsOf(client, table);
  return {
    subjects: subjectStore(items),
    enrolments: enrolmentStore(items),
    nonces: nonceStore(items),
    facts: factStore(items),
    decisions: decisionStore(items),
    mints: mintStore(items),
    lists: listStore(items),
  };
}
