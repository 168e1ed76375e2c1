import { InstantText } from '@symbolon/protocol/schemas/common';
import * as z from 'zod/mini';
import type { IssuerDesk } from './open-desk.ts';

const Answer = z.object({
  state: z.string(),
  level: z.nullable(z.string()),
  /** Of the decision that was made of it: by this number it is withdrawn. */
  sequence: z.optional(z.nullable(z.int())),
  held: z.nullable(z.string()),
  /** Until then it is not made. */
  waitsUntil: z.optional(z.nullable(InstantText)),
});

/** Signs the second operator's word on a proposal, and sends it. */
export async function settleProposal(
  desk: IssuerDesk,
  proposal: string,
  verdict: 'approve' | 'reject',
  reason: string,
): Promise<z.output<typeof Answer>> {
  const { authority } = desk;
  const approval = await desk.sign('approval', { authority, proposal, verdict, reason });
  return desk.post(Answer, '/proposals/settle', { approval }, 'approve');
}
