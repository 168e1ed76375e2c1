import * as z from 'zod/mini';
import type { IssuerName } from './issuers.ts';

/** A public test suite of W3C, and which part of the server it is for. */
export interface Suite {
  /** Of the repository under github.com/w3c, and of its checkout. */
  readonly name: string;
  readonly issuer: IssuerName;
  /** What the suite looks for in a configuration. */
  readonly tag: string;
}

export const SUITES: readonly Suite[] = [
  { name: 'vc-di-eddsa-test-suite', issuer: 'eddsa', tag: 'eddsa-rdfc-2022' },
  { name: 'vc-di-ecdsa-test-suite', issuer: 'p256', tag: 'ecdsa-rdfc-2019' },
  { name: 'vc-data-model-2.0-test-suite', issuer: 'eddsa', tag: 'vc2.0' },
  { name: 'vc-bitstring-status-list-test-suite', issuer: 'bsl', tag: 'BitstringStatusList' },
];

/** A test that asks for what the specification forbids. */
export interface KnownDefect {
  readonly suite: string;
  /** How the full title of the test begins. */
  readonly title: string;
  readonly reason: string;
}

export const KNOWN_DEFECTS: readonly KnownDefect[] = [
  {
    suite: 'vc-di-ecdsa-test-suite',
    title:
      'Algorithms - Verify Proof (ecdsa-rdfc-2019) Symbolon The following algorithm specifies how to verify a data integrity proof',
    reason:
      'Asks, without "checks", that a credential of https://vc.example/issuers/5678 be good which a did:key has signed that this issuer ' +
      'does not name. With checks: ["proof"] the server accepts it.',
  },
];

/** `localConfig.cjs` of a suite. The vocabulary is that of w3c/vc-test-suite-implementations. */
export function configOf({ issuer, tag }: Suite, url: string, did: string): string {
  const common = {
    id: did,
    tags: [tag],
    supports: { vc: ['1.1', '2.0'] },
    ...(issuer === 'p256' && { supportedEcdsaKeyTypes: ['P-256'] }),
  };
  const config = {
    settings: { enableInteropTests: true, testAllImplementations: false },
    implementations: [
      {
        name: 'Symbolon',
        implementation: 'Symbolon',
        issuers: [{ ...common, endpoint: `${url}/issuers/${issuer}/credentials/issue` }],
        verifiers: [{ ...common, endpoint: `${url}/credentials/verify` }],
        vpVerifiers: [{ ...common, endpoint: `${url}/presentations/verify` }],
      },
    ],
  };
  return `module.exports = ${JSON.stringify(config, null, 2)};\n`;
}

/** The part of mocha's JSON report that is read. */
const Report = z.object({
  stats: z.object({ passes: z.int(), failures: z.int(), pending: z.int() }),
  failures: z.array(z.object({ fullTitle: z.string(), err: z.object({ message: z.optional(z.string()) }) })),
});

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly pending: number;
  /** With the reason why it is the suite's fault, where it is known to be. */
  readonly failures: readonly { readonly title: string; readonly message: string; readonly known?: string }[];
}

/** @throws Error unless it is a report */
export function outcomeOf({ name }: Suite, report: string): Outcome {
  const { stats, failures } = Report.parse(JSON.parse(report));
  return {
    passed: stats.passes,
    failed: stats.failures,
    pending: stats.pending,
    failures: failures.map(({ fullTitle, err }) => {
      const known = KNOWN_DEFECTS.find(({ suite, title }) => suite === name && fullTitle.startsWith(title));
      const message = err.message ?? '';
      return { title: fullTitle, message, ...(known !== undefined && { known: known.reason }) };
    }),
  };
}

/** Nothing failed but what is known to be the suite's fault; and there was something to fail. */
export function isGood({ passed, failed, failures }: Outcome): boolean {
  return passed > 0 && failed === failures.length && failures.every(({ known }) => known !== undefined);
}
