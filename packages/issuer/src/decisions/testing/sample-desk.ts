import type { Signer } from '@symbolon/keys/signer';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { Federation } from '@symbolon/protocol/schemas/federation';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Fact } from '@symbolon/rules/fact';
import { factExpiry } from '../../facts/fact-record.ts';
import { sealFact } from '../../facts/sealed-content.ts';
import type { MintRecord } from '../../minting/mint-record.ts';
import type { Publication } from '../../publication.ts';
import { signStatement } from '../../statements/statement.ts';
import { type MemoryStores, memoryStores } from '../../testing/memory-stores.ts';
import type { SampleOperator } from '../../testing/sample-people.ts';
import {
  NOW,
  SAMPLE_ISSUER,
  type SamplePublication,
  samplePublication,
} from '../../testing/sample-publication.ts';
import type { Decision } from '../decision.ts';
import { type Evaluation, evaluate } from '../evaluate.ts';

/** The sample region at work: its stores, people with facts, and what its operators and overseers sign. */
export interface SampleDesk extends SamplePublication {
  readonly stores: MemoryStores;
  /** With other bounds of the burst guard. */
  readonly bounded: (burst: NonNullable<Federation['burst']>) => Publication;
  /** With other rules. */
  readonly ruled: (change: (rules: readonly Rule[]) => readonly Rule[]) => Publication;
  readonly person: (subject: string) => Promise<void>;
  /** A test of this result, taken and received then. */
  readonly tested: (
    subject: string,
    result: 'positive' | 'negative',
    at?: Instant,
    id?: string,
  ) => Promise<void>;
  /** Was in a place then. */
  readonly visited: (subject: string, place: string, at: Instant) => Promise<void>;
  readonly evaluate: (subject: string, now?: Instant, publication?: Publication) => Promise<Evaluation>;
  /** A living credential of this decision, with one status entry. */
  readonly minted: (decision: Decision, idx: number) => Promise<MintRecord>;
}

export async function sampleDesk(): Promise<SampleDesk> {
  const sample = await samplePublication();
  const stores = memoryStores();
  const { publication, scheme } = sample;
  return {
    ...sample,
    stores,
    bounded: (burst) => ({ ...publication, federation: { ...publication.federation, burst } }),
    ruled: (change) => {
      const ruleSet = own(publication.ruleSets, scheme.id);
      if (ruleSet === undefined) throw new SymbolonError('rule-unknown');
      const rules = [...change(ruleSet.rules)];
      return { ...publication, ruleSets: { [scheme.id]: { ...ruleSet, rules } } };
    },
    person: async (subject) => {
      await stores.subjects.putProfile({ subject, version: 1, kind: 'person', absorbing: [], guardians: [] });
    },
    tested: async (subject, result, at = NOW, id = `${result} ${at}`) =>
      storeFact(stores, scheme, subject, { type: 'pcr', at, fields: { result } }, { id, source: 'lab' }),
    visited: async (subject, place, at) =>
      storeFact(
        stores,
        scheme,
        subject,
        { type: 'visit', at, fields: { place } },
        { id: `${place} ${at}`, source: 'tracing' },
      ),
    evaluate: (subject, now = NOW, of = publication) => evaluate(stores, of, scheme, subject, now),
    minted: async (decision, idx) => {
      const { subject, sequence, level, rule, authority, sampledAt, decidedAt } = decision;
      const mint: MintRecord = {
        subject,
        scheme: scheme.id,
        decision: sequence,
        level,
        rule,
        authority,
        format: 'dc+sd-jwt',
        ...(sampledAt === undefined ? {} : { sampledAt }),
        issuedAt: decidedAt,
        expiresAt: addHours(decidedAt, 24),
        credentials: 1,
        entries: [{ idx, uri: LIST }],
      };
      await stores.mints.record(`mint ${idx}`, mint);
      return mint;
    },
  };
}

export const LIST = `${SAMPLE_ISSUER}/lists/1`;

/** Entries of `LIST` that are suspended. */
export async function suspended({ lists }: MemoryStores): Promise<readonly number[]> {
  return (await lists.flagged(LIST)).filter((each) => each.suspended).map(({ idx }) => idx);
}

async function storeFact(
  stores: MemoryStores,
  scheme: Scheme,
  subject: string,
  fact: Fact,
  name: { readonly id: string; readonly source: string },
): Promise<void> {
  const sealed = await sealFact(stores.sealer, subject, scheme.id, fact);
  const stored = { ...name, scheme: scheme.id, receivedAt: fact.at, sealed };
  if (!(await stores.facts.add(subject, { ...stored, expiresAt: factExpiry(scheme, fact) })))
    throw new SymbolonError('fact-conflict');
}

export function signProposal(
  { ref, signer }: SampleOperator,
  subject: string,
  claims: object = {},
  now: Instant = NOW,
): Promise<string> {
  const proposed = {
    aud: SAMPLE_ISSUER,
    iat: now,
    jti: 'p1',
    authority: ref.authority,
    subject,
    scheme: 'health',
    rule: 'risk-area@1',
    until: addHours(now, 48),
    statement: 'Was in the market on Tuesday.',
  };
  return signStatement('proposal', { ...proposed, ...claims }, signer);
}

export function signApproval(
  { ref, signer }: SampleOperator,
  proposal: string,
  verdict: 'approve' | 'reject' = 'approve',
  now: Instant = NOW,
): Promise<string> {
  const claims = {
    aud: SAMPLE_ISSUER,
    iat: now,
    authority: ref.authority,
    proposal,
    verdict,
    reason: 'Looked at.',
  };
  return signStatement('approval', claims, signer);
}

export function signWithdrawal(
  { ref, signer }: SampleOperator,
  { subject, sequence }: { readonly subject: string; readonly sequence?: number },
  now: Instant = NOW,
  claims: object = {},
): Promise<string> {
  const signed = {
    aud: SAMPLE_ISSUER,
    iat: now,
    authority: ref.authority,
    subject,
    scheme: 'health',
    ...(sequence === undefined ? {} : { sequence }),
    reason: 'Another market.',
    ...claims,
  };
  return signStatement('withdrawal', signed, signer);
}

export function signRelease(
  signer: Signer,
  burst: string,
  rules: readonly string[] = ['positive@1'],
  now: Instant = NOW,
): Promise<string> {
  const claims = { aud: SAMPLE_ISSUER, iat: now, burst, rules, reason: 'A true outbreak.' };
  return signStatement('release', claims, signer);
}
