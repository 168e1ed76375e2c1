import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { Region } from '@symbolon/protocol/schemas/region';
import type { Fact } from '@symbolon/rules/fact';
import type { Publication } from '../publication.ts';
import type { OpenedFact } from './sealed-content.ts';

/** A fact as a person reads it: what it says, who said it, and until when it counts. */
export interface ShownFact extends Fact {
  readonly id: string;
  readonly scheme: string;
  readonly source: string;
  /** Absent when the source is not registered any more. */
  readonly sourceNames?: NonNullable<Region['sources']>[string]['names'];
  readonly receivedAt: Instant;
  readonly expiresAt: Instant;
  readonly retractedAt?: Instant;
}

export function showFact({ region }: Publication, opened: OpenedFact): ShownFact {
  const { id, scheme, source, receivedAt, expiresAt, retractedAt, fact } = opened;
  const sourceNames = own(region.sources ?? {}, source)?.names;
  return {
    id,
    scheme,
    source,
    ...(sourceNames === undefined ? {} : { sourceNames }),
    ...fact,
    receivedAt,
    expiresAt,
    ...(retractedAt === undefined ? {} : { retractedAt }),
  };
}
