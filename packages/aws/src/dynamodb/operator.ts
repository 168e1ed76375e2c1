import type { OperatorRef } from '@symbolon/issuer/journal-entry';
import * as z from 'zod/mini';
import { J, json, type Read } from './attributes.ts';

const Operator = z.object({ kid: z.string(), authority: z.string() });

export const operator: Read<OperatorRef> = json(Operator);

export function asOperator({ kid, authority }: OperatorRef) {
  return J({ kid, authority });
}
