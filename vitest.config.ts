import { defineConfig } from 'vitest/config';

/** What a verdict rests on. `npm run coverage` holds the branches of each to the mark. */
const COVERED = ['credential', 'keys', 'log', 'registry', 'status', 'verifier'];
const BRANCHES_PERCENT = 95;

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'functions/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // These only end what hangs: how fast something is, a machine that others use too cannot say.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    // Two cores on the smallest machine: more workers only wait for each other.
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: COVERED.map((name) => `packages/${name}/src/**/*.ts`),
      exclude: ['**/*.test.ts', '**/*.d.ts', '**/testing/**'],
      reporter: ['text', 'html', 'json-summary'],
      thresholds: Object.fromEntries(
        COVERED.map((name) => [`packages/${name}/src/**/*.ts`, { branches: BRANCHES_PERCENT }]),
      ),
    },
  },
});
