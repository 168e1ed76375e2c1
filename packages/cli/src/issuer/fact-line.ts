import * as z from 'zod/mini';
import { plain } from '../output/terminal.ts';

/** A fact as an issuer shows it, to its subject and to an operator who reads it. */
export const ShownFact = z.object({
  scheme: z.string(),
  id: z.string(),
  source: z.string(),
  type: z.string(),
  at: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.boolean(), z.number()])),
  receivedAt: z.string(),
  /** From then on it does not count, and is deleted. */
  expiresAt: z.string(),
  retractedAt: z.nullable(z.string()),
});
export type ShownFact = z.output<typeof ShownFact>;

/** A fact for people, in one line: when, what, who said so, and until when it counts. */
export function factLine({
  scheme,
  id,
  source,
  type,
  at,
  fields,
  expiresAt,
  retractedAt,
}: ShownFact): string {
  const content = Object.entries(fields).map(([name, value]) => `${name} ${value}`);
  const counts = retractedAt === null ? `counts until ${expiresAt}` : `taken back ${retractedAt}`;
  return plain(`${at}  ${scheme}, ${type}: ${content.join(', ')}  (by ${source} as ${id}; ${counts})`);
}
