import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type {
  BatchStore,
  BurstStore,
  DecisionStore,
  EnrolmentStore,
  FactStore,
  JobStore,
  JournalStore,
  ListStore,
  MintStore,
  NonceStore,
  ProposalStore,
  SubjectStore,
  Tallies,
} from '@symbolon/issuer/ports';
import { batchStore } from './batch-store.ts';
import { burstStore } from './burst-store.ts';
import { decisionStore } from './decision-store.ts';
import { enrolmentStore } from './enrolment-store.ts';
import { factStore } from './fact-store.ts';
import { itemsOf } from './items.ts';
import { jobStore } from './job-store.ts';
import { journalStore } from './journal-store.ts';
import { listStore } from './list-store.ts';
import { mintStore } from './mint-store.ts';
import { nonceStore } from './nonce-store.ts';
import { proposalStore } from './proposal-store.ts';
import { subjectStore } from './subject-store.ts';
import { tallies } from './tallies.ts';

export interface IssuerStores {
  readonly subjects: SubjectStore;
  readonly journal: JournalStore;
  readonly enrolments: EnrolmentStore;
  readonly nonces: NonceStore;
  readonly facts: FactStore;
  readonly batches: BatchStore;
  readonly decisions: DecisionStore;
  readonly proposals: ProposalStore;
  readonly bursts: BurstStore;
  readonly mints: MintStore;
  readonly lists: ListStore;
  readonly tallies: Tallies;
  readonly jobs: JobStore;
}

/** The issuer's stores on one DynamoDB table (see table.ts for its items). */
export function issuerStores(client: DynamoDBClient, table: string): IssuerStores {
  const items = itemsOf(client, table);
  return {
    subjects: subjectStore(items),
    journal: journalStore(items),
    enrolments: enrolmentStore(items),
    nonces: nonceStore(items),
    facts: factStore(items),
    batches: batchStore(items),
    decisions: decisionStore(items),
    proposals: proposalStore(items),
    bursts: burstStore(items),
    mints: mintStore(items),
    lists: listStore(items),
    tallies: tallies(items),
    jobs: jobStore(items),
  };
}
