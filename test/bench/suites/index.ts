import type { Figures } from '../figure.ts';
import type { Settings } from '../measure.ts';

export interface Suite {
  readonly figures: (settings: Settings) => Promise<Figures>;
}

/** Each is loaded when it runs, so that one alone is not slowed by the code of the others. */
export const SUITES: ReadonlyMap<string, () => Promise<Suite>> = new Map([
  ['verify', () => import('./verify.ts')],
  ['issue', () => import('./issue.ts')],
  ['status', () => import('./status.ts')],
  ['qr', () => import('./qr.ts')],
  ['registry', () => import('./registry.ts')],
  ['rules', () => import('./rules.ts')],
]);
