import * as z from 'zod/mini';
import type { Mutant } from './target.ts';

/** A mutant with everything that its judgement depends on: keys are always the same, signatures are not. */
const Reproducer = z.strictObject({
  target: z.string(),
  seed: z.int(),
  number: z.int(),
  why: z.optional(z.string()),
  how: z.array(z.string()),
  sealed: z.enum(['not', 'by-holder', 'by-issuer']),
  input: z.union([z.strictObject({ text: z.string() }), z.strictObject({ base64: z.string() })]),
  genuine: z.array(z.string()),
});
export type Reproducer = z.output<typeof Reproducer>;

export function reproducerOf(
  about: Pick<Reproducer, 'target' | 'seed' | 'number' | 'why' | 'genuine'>,
  { input, how, sealed }: Mutant,
): string {
  const kept =
    typeof input === 'string' ? { text: input } : { base64: Buffer.from(input).toString('base64') };
  const reproducer: Reproducer = { ...about, how: [...how], sealed, input: kept };
  return `${JSON.stringify(reproducer, null, 2)}\n`;
}

/** @throws Error for a file of another form */
export function readReproducer(text: string): { reproducer: Reproducer; mutant: Mutant } {
  const reproducer = Reproducer.parse(JSON.parse(text));
  const { input: kept, how, sealed } = reproducer;
  const input = 'text' in kept ? kept.text : new Uint8Array(Buffer.from(kept.base64, 'base64'));
  return { reproducer, mutant: { input, how, sealed } };
}
