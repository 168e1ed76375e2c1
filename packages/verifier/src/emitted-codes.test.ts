import { readdirSync, readFileSync } from 'node:fs';
import type { StatusClaims } from '@symbolon/credential/model';
import { packQr } from '@symbolon/credential/qr/pack';
import { sha256 } from '@symbolon/keys/digest';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { type Code, isCode, requirementOf } from '@symbolon/protocol/codes';
import { addHours, addSeconds, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { STEPS, type Step, Verdict } from '@symbolon/protocol/schemas/verdict';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { createScanner } from './scanner.ts';
import {
  HEALTH,
  type HENAN,
  HOUR,
  issuer,
  key,
  LIST,
  listOf,
  NOW,
  recognising,
  rule,
  stranger,
  type TrustChanges,
  trustOf,
} from './testing/plain-trust.ts';
import {
  CARD,
  CLAIMS,
  mint,
  mintJsonLd,
  POLICY,
  type Showing,
  show,
  TESTED,
  UNLISTED,
} from './testing/presentations.ts';
import { verify } from './verify.ts';

/** The list: every code that a verdict can carry, by step, and something that makes the verifier say it. */

interface Case {
  readonly text?: string | (() => Promise<string | readonly string[]>);
  readonly trust?: TrustChanges;
  readonly policy?: Partial<Policy>;
  readonly now?: Instant;
}
type Cases = Partial<Record<Code, Case>>;

const claiming = (changes: Partial<StatusClaims>, showing: Showing = {}): Case => ({
  text: () => show({ ...showing, claims: { ...CLAIMS, ...changes } }),
});
const withKeys = (...keys: (typeof HENAN)['keys']): Case => ({ trust: { henan: { keys } } });
const part = (value: unknown) => encodeBase64url(utf8(JSON.stringify(value)));
const jwt = (header: object, payload: object = {}) => `${part(header)}.${part(payload)}.AA~`;
const OFF_CURVE: PublicJwk = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };

/** A disclosure that the credential names, but that is none. */
async function badDisclosure(): Promise<string> {
  const [, payload = ''] = (await mint()).split('.');
  const claims: object = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const disclosure = part(['salt']);
  const header = { alg: 'ES256', typ: 'dc+sd-jwt', kid: issuer.kid };
  const digest = encodeBase64url(sha256(utf8(disclosure)));
  return `${jwt(header, { ...claims, _sd: [digest] })}${disclosure}~`;
}

async function withoutProof(): Promise<string> {
  const { proof: _, ...rest } = JSON.parse(await mintJsonLd());
  return JSON.stringify(rest);
}

const packed = (names: readonly string[]) => async () =>
  packQr(await show(), { version: 1, names: [...names] });

const decode: Cases = {
  'presentation-too-large': { text: 'x'.repeat(LIMITS.presentationBytes + 1) },
  'presentation-unrecognised': { text: 'hello' },
  'packing-version-unknown': { text: 'SYM2:00' },
  'base45-malformed': { text: 'SYM1:0' },
  'packing-truncated': { text: 'SYM1:' },
  'packing-malformed': { text: 'SYM1:10' },
  'packing-not-canonical': {
    text: packed(['a', 'green']),
    trust: { registry: { dictionary: { version: 1, names: ['green', 'green'] } } },
  },
  'dictionary-unknown': {
    text: packed(['a', 'green']),
    trust: { registry: { dictionary: { version: 1, names: ['a'] } } },
  },
  'utf8-malformed': { text: '_w.e30.AA~' },
  'json-malformed': { text: '{"@context":' },
  'json-duplicate-name': { text: '{"a":1,"a":2}' },
  'json-too-deep': { text: `{"a":${'['.repeat(LIMITS.jsonDepth)}${']'.repeat(LIMITS.jsonDepth)}}` },
  'base64url-malformed': { text: '=.e30.AA~' },
  'jwt-malformed': { text: 'e30.e30~' },
  'type-unexpected': { text: jwt({ alg: 'ES256', typ: 'JWT', kid: issuer.kid }) },
  'algorithm-none': { text: jwt({ alg: 'none' }) },
  'algorithm-mismatch': { text: jwt({ alg: 'RS256', typ: 'dc+sd-jwt', kid: issuer.kid }) },
  'claims-malformed': { text: jwt({ alg: 'ES256', typ: 'dc+sd-jwt', kid: issuer.kid }) },
  'disclosure-malformed': { text: badDisclosure },
  'disclosure-unreferenced': { text: async () => (await show()).replace('~', '~AA~') },
  'binding-malformed': { text: async () => `${await mint()}AA` },
  'context-unbundled': { text: '{"@context":["https://attacker.example/context"]}' },
  'proof-malformed': { text: withoutProof },
};

const keyStep: Cases = {
  'stale-warn': { trust: { registry: { signedAt: addHours(NOW, -26) } } },
  'stale-refer': { trust: { registry: { signedAt: addHours(NOW, -96) } } },
  'stale-block': { trust: { registry: { signedAt: addHours(NOW, -240) } } },
  'registry-expired': { trust: { registry: { rootExpires: NOW } } },
  'registry-unlogged': { trust: { registryLog: { is: 'unproven', witnessedAt: addHours(NOW, -95) } } },
  'region-expired': { trust: { henan: { expires: NOW } } },
  'issuer-unknown': { trust: { registry: { regions: {} } } },
  'key-unknown': withKeys(),
  'key-use': withKeys(key(issuer, 'status')),
  'algorithm-mismatch': withKeys(key(issuer, 'credential', { alg: 'EdDSA' })),
  'key-not-valid-then': withKeys(key(issuer, 'credential', { notAfter: HOUR })),
  'key-without-lead': { trust: { henan: { lateKeys: { [issuer.kid]: addSeconds(HOUR, 1) } } } },
  'key-revoked': withKeys(key(issuer, 'credential', { revoked: { since: NOW, reason: 'lost' } })),
};

const signature: Cases = {
  'signature-invalid': withKeys(key(issuer, 'credential', { jwk: stranger.publicJwk })),
  'key-malformed': withKeys(key(issuer, 'credential', { jwk: OFF_CURVE })),
};

const time: Cases = {
  'scheme-unknown': { trust: { registry: { schemes: { health: { ...HEALTH, major: 2 } } } } },
  'time-not-hourly': claiming({ issuedAt: addSeconds(HOUR, 1) }),
  'validity-too-long': claiming({ expiresAt: addHours(HOUR, 25) }),
  'sample-time': claiming({ sampledAt: addHours(HOUR, 1) }),
  expired: { ...claiming({}, { at: addHours(NOW, 24) }), now: addHours(NOW, 24) },
  'not-yet-valid': { ...claiming({}, { at: addHours(NOW, -1) }), now: addHours(NOW, -1) },
  clock: { trust: { newestSignedAt: addSeconds(NOW, 31) } },
};

const two: Case = {
  text: async () => [
    await show(),
    await show({ claims: { ...TESTED, holderKey: stranger.publicJwk }, holder: stranger }),
  ],
  policy: { schemes: ['health', 'test'] },
};

const binding: Cases = {
  'binding-missing': { text: () => mint() },
  'binding-signature': claiming({}, { holder: stranger }),
  'key-malformed': claiming({ holderKey: OFF_CURVE }),
  'binding-hash': { text: async () => `${await mint()}${(await show()).split('~').at(-1)}` },
  'binding-stale': claiming({}, { at: addSeconds(NOW, -61) }),
  'binding-future': claiming({}, { at: addSeconds(NOW, 31) }),
  'binding-audience': claiming({}, { audience: 'urn:venue:1' }),
  'binding-nonce': claiming({}, { nonce: 'w.1' }),
  'nonce-required': { policy: { requireNonce: true } },
  bearer: { text: () => mint(CARD) },
  'bearer-not-allowed': {
    text: () => mint({ ...CARD, scheme: 'test', level: 'negative', rule: 'negative-3d@1' }),
  },
  'holders-differ': two,
};

const entry = (idx: number, uri = LIST) => claiming({ statusEntry: { idx, uri } });
const list = (...[entries, bits, changes]: Parameters<typeof listOf>): Case => ({
  trust: { lists: new Map([[LIST, listOf(entries, bits, changes)]]) },
});
const badList = (code: Code): Case => ({ trust: { lists: new Map(), badLists: new Map([[LIST, code]]) } });

const status: Cases = {
  'status-revoked': entry(1),
  'status-suspended': entry(2),
  'status-contested': entry(3),
  'status-index': entry(9),
  'status-list-malformed': entry(0, 'https://status.bj.example/lists/498861'),
  'status-list-missing': { trust: { lists: new Map() } },
  'status-list-expired': list([0], 2, { expiresAt: NOW }),
  'status-required': { text: () => show({ claims: { ...UNLISTED, expiresAt: addHours(HOUR, 7) } }) },
  'stale-warn': list([0], 2, { issuedAt: addHours(NOW, -26) }),
  'stale-refer': list([0], 2, { issuedAt: addHours(NOW, -96) }),
  'stale-block': list([0], 2, { issuedAt: addHours(NOW, -240) }),
  // Why a list of the bundle is not believed: open-lists.test.ts makes each of them with a real token.
  'status-list-rollback': badList('status-list-rollback'),
  'type-unexpected': badList('type-unexpected'),
  'algorithm-none': badList('algorithm-none'),
  'algorithm-mismatch': badList('algorithm-mismatch'),
  'key-unknown': badList('key-unknown'),
  'key-use': badList('key-use'),
  'key-not-valid-then': badList('key-not-valid-then'),
  'key-without-lead': badList('key-without-lead'),
  'key-revoked': badList('key-revoked'),
  'key-malformed': badList('key-malformed'),
  'signature-invalid': badList('signature-invalid'),
  clock: badList('clock'),
};

const rules = (...all: ReturnType<typeof rule>[]): Case => ({
  trust: { henan: { ruleSets: { health: { region: 'CN-HA', scheme: 'health', rules: all } } } },
});
const ruleStep: Cases = {
  'rule-unknown': rules(),
  'rule-not-in-force': rules(rule('clear', { sunset: HOUR })),
  'rule-without-lead': { trust: { henan: { lateRules: { 'health/clear@1': addSeconds(HOUR, 1) } } } },
  'rule-level': rules(rule('clear', { level: 'red' })),
  'authority-unknown': rules(rule('clear', { authorities: ['transport'] })),
  'rule-set-malformed': rules(rule('clear'), rule('deposits', { when: 'deposits.exists(d, true)' })),
};

const mapping = (levels: Record<string, string>, condition = {}): Case => ({
  trust: { beijing: recognising({ from: { all: true }, levels, condition }) },
});
const recognition: Cases = {
  'level-unknown': claiming({ level: 'blue' }),
  'recognition-missing': { trust: { beijing: { recognition: undefined } } },
  'region-expired': { trust: { beijing: { expires: NOW } } },
  'not-recognised': { trust: { beijing: recognising() } },
  'recognition-condition': mapping({ green: 'green' }, { authorities: ['transport'] }),
  'level-not-mapped': mapping({ red: 'red' }),
  'recognition-loop': claiming({ via: 'CN-BJ' }),
};

const OVERFLOW = 'health.level == "green" && 9007199254740991 * 9007199254740991 > 0';
const acceptance: Cases = {
  'purpose-not-listed': { policy: { purpose: 'concert' } },
  'scheme-not-asked': { policy: { schemes: ['test'], accept: 'true' } },
  'policy-not-met': { policy: { accept: 'health.level == "red"' } },
  'expression-failed': { policy: { accept: OVERFLOW } },
};

const CASES: Record<Step, Cases> = {
  decode,
  key: keyStep,
  signature,
  time,
  binding,
  status,
  rule: ruleStep,
  recognition,
  acceptance,
};

async function verdictOn({ text, trust, policy, now = NOW }: Case): Promise<Verdict> {
  const shown = typeof text === 'function' ? await text() : (text ?? (await show()));
  return verify(shown, trustOf(trust), { ...POLICY, ...policy }, now);
}

describe('every code that a verdict can carry is said by the step that it belongs to', () => {
  const table = STEPS.flatMap((step) =>
    Object.entries(CASES[step]).map(([code, example]) => ({ step, code, example })),
  );

  it.each(table)('$step $code', async ({ step, code, example }) => {
    if (!isCode(code)) throw new Error(`${code} is no code`);
    const verdict = await verdictOn(example);
    const findings = verdict.findings.filter((finding) => finding.step === step && finding.code === code);
    expect(findings).toMatchObject([{ requirement: requirementOf(code) }]);
    expect(z.decode(Verdict, z.encode(Verdict, verdict))).toEqual(verdict);
  });

  it('binding replayed, by a scanner', async () => {
    const scanner = createScanner(POLICY);
    const text = await show();
    await scanner.scan(text, trustOf(), NOW);
    expect((await scanner.scan(text, trustOf(), NOW)).findings).toMatchObject([
      { step: 'binding', code: 'replayed' },
    ]);
  });

  it('binding replay-unknown, by a scanner whose memory does not answer', async () => {
    const memory = { claim: () => Promise.reject(new Error('no answer')) };
    const { findings } = await createScanner(POLICY, { memory }).scan(await show(), trustOf(), NOW);
    expect(findings).toMatchObject([{ step: 'binding', code: 'replay-unknown' }]);
  });
});

/** Codes that stand in what the verifier is made of, and that no verdict carries. */
const NEVER: Partial<Record<Code, string>> = {
  'policy-malformed': 'thrown: the caller’s mistake',
  'verdict-malformed': 'thrown: of a verdict that is read back',
  'json-not-canonical': 'of what is hashed in canonical form, every value was held to its schema before',
  'instant-malformed': 'a schema reads every time, and tells it as its own fault',
  'id-malformed': 'a schema reads every id before it is taken apart',
  'hex-malformed': 'no part of a presentation is hexadecimal',
  'minted-check-failed': 'of issuing',
  'log-fork': 'thrown: the bundle is not taken',
  'log-truncated': 'why a log proves nothing, told as `registry-unlogged`',
  'log-missing': 'the same',
  'checkpoint-malformed': 'the same',
  'inclusion-invalid': 'the same',
  'leaf-malformed': 'the same',
};

const PACKAGES = new URL('../../', import.meta.url);
const MADE_OF = ['verifier/src', 'credential/src/codecs', 'status/src', 'keys/src', 'protocol/src'];
/** Issuing, venue codes, key files, texts and schemas of other documents are parts of these packages that no verification reaches. */
const NOT_REACHED =
  /(^|\/)(testing|schemas|texts|venue|venue-code|key-file|spki|codes|limits|issue|pick-index)(\.ts$|\/)|\.(test|d)\.ts$/;

function codesWritten(): Set<string> {
  const paths = MADE_OF.flatMap((folder) =>
    readdirSync(new URL(folder, PACKAGES), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !NOT_REACHED.test(path))
      .map((path) => `${folder}/${path}`),
  );
  const literals = [...paths, 'rules/src/policy.ts']
    .map((path) => readFileSync(new URL(path, PACKAGES), 'utf8'))
    .flatMap((text) => [...text.matchAll(/'([a-z0-9-]+)'/g)].map((match) => match[1] ?? ''));
  return new Set(literals.filter(isCode));
}

describe('the list is whole', () => {
  it('every code that stands in the sources is in it, or said never to come', () => {
    const listed = new Set([
      ...Object.values(CASES).flatMap(Object.keys),
      'replayed',
      'replay-unknown',
      ...Object.keys(NEVER),
    ]);
    expect([...codesWritten()].toSorted()).toEqual([...listed].toSorted());
  });
});
