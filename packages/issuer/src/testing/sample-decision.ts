import type { Decision } from '../decisions/decision.ts';
import { NOW } from './sample-publication.ts';

/** Red by a positive test: the first decision about the subject, unless `change` says otherwise. */
export function redDecision(subject: string, change: Partial<Decision> = {}): Decision {
  return {
    subject,
    scheme: 'health',
    sequence: 1,
    level: 'red',
    rule: 'positive@1',
    authority: 'cdc',
    evidence: 'laboratory',
    mode: 'automatic',
    decidedAt: NOW,
    ...change,
  };
}
