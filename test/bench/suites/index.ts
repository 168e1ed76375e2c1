import type { Figure, Figures } from '../figure.ts';
import type { Settings } from '../measure.ts';

export interface Suite {
  readonly figures: (settings: Settings) => Promise<Figures>;
}

/** Each is loaded when it runs, so that one alone is not slowed by the code of the others. */
export const SUITES: ReadonlyMap<string, () => Promise<Suite>> = new Map([
  ['verify', () => import('./verify.ts')],
  ['lines', () => import('./lines.ts')],
  [
    'issue',
    together(
      () => import('./issue.ts'),
      () => import('./correction.ts'),
    ),
  ],
  ['status', () => import('./status.ts')],
  ['qr', () => import('./qr.ts')],
  ['registry', () => import('./registry.ts')],
  ['rules', () => import('./rules.ts')],
  ['log', () => import('./log.ts')],
  ['audit', () => import('./audit.ts')],
]);

/** One suite of several files. */
function together(...loads: readonly (() => Promise<Suite>)[]): () => Promise<Suite> {
  return async () => ({
    figures: async (settings) => {
      const figures: [string, Figure][] = [];
      for (const load of loads) {
        const suite = await load();
        figures.push(...Object.entries(await suite.figures(settings)));
      }
      return Object.fromEntries(figures);
    },
  });
}
