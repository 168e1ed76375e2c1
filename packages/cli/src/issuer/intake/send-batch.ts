import { sha256Base64url } from '@symbolon/keys/digest';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import * as z from 'zod/mini';
import type { NumberedLine } from './split-batches.ts';
import { atLine } from './survey-input.ts';

const ID_CHARS = 22;
const MOST_PLACES = 8;

export const BatchAnswer = z.object({
  state: z.enum(['done', 'held']),
  id: z.string(),
  digest: z.string(),
  facts: z.int(),
  /** Facts that were new; of a batch that is done. */
  added: z.optional(z.int()),
  /** How many people it would turn adverse; of a batch that is held. */
  adverse: z.optional(z.int()),
  /** Ids of the bursts by which the guard holds decisions that this batch led to; of a batch that is done. */
  held: z.optional(z.array(z.string().check(z.maxLength(256))).check(z.maxLength(256))),
});
export type BatchAnswer = z.output<typeof BatchAnswer>;

export interface BatchSender {
  /** The region's issuer URL, the source, the scheme. */
  readonly audience: string;
  readonly source: string;
  readonly scheme: string;
  /** Signs claims with the source's key. */
  readonly sign: (claims: object) => Promise<string>;
  readonly post: (batch: string) => Promise<BatchAnswer>;
}

export interface SentBatch {
  /** Absent when no line was left to send. */
  readonly answer?: BatchAnswer;
  /** Numbers of the lines whose subjects the region does not know. */
  readonly unknown: readonly number[];
}

/**
 * Signs lines as one batch and sends it. The same lines, signed for the same time, are the same batch, whoever sends it again. With `skipsUnknown`, lines about
 * unknown subjects are left out, and what is left is sent.
 *
 * @throws SymbolonError the issuer's code, with the numbers of the lines where it names them
 */
export async function sendBatch(
  lines: readonly NumberedLine[],
  signedAt: Instant,
  skipsUnknown: boolean,
  sender: BatchSender,
): Promise<SentBatch> {
  const unknown: number[] = [];
  let left = lines;
  while (left.length > 0) {
    try {
      const batch = await sender.sign(batchClaims(left, signedAt, sender));
      return { answer: await sender.post(batch), unknown };
    } catch (error) {
      const places = isSymbolonError(error) ? linesAt(left, error.path) : [];
      if (places.length === 0) throw error;
      if (!skipsUnknown || !isSymbolonError(error) || error.code !== 'subject-unknown') {
        throw told(places, error);
      }
      // Whoever is unknown is so on every line of the batch.
      const strangers = new Set(places.map(({ line }) => line.who));
      unknown.push(...left.filter(({ who }) => strangers.has(who)).map(({ number }) => number));
      left = left.filter(({ who }) => !strangers.has(who));
    }
  }
  return { unknown };
}

function batchClaims(
  lines: readonly NumberedLine[],
  iat: Instant,
  { audience, source, scheme }: BatchSender,
): object {
  const of = (kind: NumberedLine['kind']) =>
    lines.filter((line) => line.kind === kind).map(({ json }) => json);
  const claims = { iss: source, aud: audience, iat, scheme, facts: of('fact'), retracts: of('retract') };
  return { ...claims, jti: sha256Base64url(JSON.stringify(claims)).slice(0, ID_CHARS) };
}

interface Place {
  readonly line: NumberedLine;
  /** Within the line: `fields.kind`. */
  readonly within: string;
}

/** The lines that a path of the issuer's is about: `facts.17.subject, retracts.0.id`. */
function linesAt(lines: readonly NumberedLine[], path = ''): readonly Place[] {
  const of = { facts: 'fact', retracts: 'retract' } as const;
  return [...path.matchAll(/\b(facts|retracts)\.(\d+)(?:\.([\w.?]+))?/g)].flatMap(
    ([, list, position, within = '']) => {
      const kind = list === 'facts' || list === 'retracts' ? of[list] : undefined;
      const line = lines.filter((each) => each.kind === kind)[Number(position)];
      return line === undefined ? [] : [{ line, within }];
    },
  );
}

function told(places: readonly Place[], error: unknown): SymbolonError {
  const { code } = isSymbolonError(error) ? error : new SymbolonError('internal-error');
  const all = places
    .slice(0, MOST_PLACES)
    .map(({ line, within }) =>
      atLine(line.number, new SymbolonError(code, within === '' ? {} : { path: within })),
    );
  const path = all[0]?.path;
  return new SymbolonError(code, { ...(path !== undefined && { path }), cause: new AggregateError(all) });
}
