import type { Code } from '../codes.ts';
import { ACCEPTANCE } from './acceptance.ts';
import { AUTHENTICITY } from './authenticity.ts';
import { CEREMONY } from './ceremony.ts';
import { DECODING } from './decoding.ts';
import { DOCTOR } from './doctor.ts';
import { ISSUING } from './issuing.ts';
import { AUDIT, LOG } from './log.ts';
import { REGISTRY } from './registry.ts';
import { STATUS_AND_RULE } from './status-and-rule.ts';
import { TIME_AND_BINDING } from './time-and-binding.ts';
import { VENUE } from './venue.ts';

/**
 * The English sentence of every code: what is wrong and what to do. It never contains input. Apart from the codes, so that what shows codes only (a scanner)
 * does not carry them.
 */
const SENTENCES: Readonly<Record<Code, string>> = {
  ...DECODING,
  ...AUTHENTICITY,
  ...TIME_AND_BINDING,
  ...STATUS_AND_RULE,
  ...ACCEPTANCE,
  ...REGISTRY,
  ...CEREMONY,
  ...DOCTOR,
  ...ISSUING,
  ...VENUE,
  ...LOG,
  ...AUDIT,
};

export function textOf(code: Code): string {
  return SENTENCES[code];
}
