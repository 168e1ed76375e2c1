import { createHmac, createPublicKey } from 'node:crypto';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import type { Signer } from '@symbolon/keys/signer';
import { sampleIssuer } from '@symbolon/local/sample/regions';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { addHours, formatInstant } from '@symbolon/protocol/instant';
import type { Trust } from '@symbolon/verifier/trust';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccepted,
  expectNotAccepted,
  expectNotAuthentic,
  expectNothingOf,
  type Gate,
  verdictAt,
} from '../support/expect-verdict.ts';
import type { FederationFixture } from '../support/federation-fixture.ts';
import {
  attacker,
  coming,
  ed25519,
  former,
  foundFederation,
  GATE,
  ISSUED,
  LIST,
  listToken,
  NOW,
  openedFrom,
  TEST_GATE,
} from '../support/verifier-federation.ts';
import {
  bind,
  CLAIMS,
  holder,
  mint,
  type Reissue,
  reissue,
  show,
  TESTED,
  UNLISTED,
} from '../support/verifier-showings.ts';

/**
 * Attack stories (style, 22) on credentials: who signed it, what was changed, what was shown beside it. Each shows first that the honest
 * presentation is accepted at a gate in Guangdong; the attack is on that very one. The holder takes part in it where that helps.
 */

let fixture: FederationFixture;
let trust: Trust;
let gate: Gate;
let issuer: Signer;

beforeAll(async () => {
  fixture = await foundFederation();
  ({ trust } = await openedFrom(fixture));
  gate = { trust, policy: GATE, now: NOW };
  issuer = fixture.regions['CN-BJ'].credential;
});

/** The honest credential, changed, and bound anew by its holder. */
async function forged(change: Reissue): Promise<string> {
  return bind(await reissue(discloseSdJwt(await mint(fixture), []), change));
}

async function refuses(presentation: string, code: string): Promise<void> {
  await expectAccepted(await show(fixture), gate);
  await expectNotAuthentic(presentation, gate, code);
}

describe('these stories', () => {
  it('would notice if anything of the credential were handed on', async () => {
    const text = await show(fixture, { disclose: ['reason'] });
    const verdict = await verdictAt(text.replace('~', '~~'), gate);
    expect(() => expectNothingOf(text, verdict, gate)).not.toThrow();
    const reason = 'No adverse fact is known';
    const signature = text.split('~')[0]?.split('.')[2] ?? '';
    const words = ['CN-BJ', 'health', 'green', 'clear@1', 'cdc', 'standard', reason, signature, issuer.kid];
    for (const word of [...words, sampleIssuer('CN-BJ'), formatInstant(ISSUED), `at ${LIST}`]) {
      const findings = verdict.findings.map((finding) => ({ ...finding, requirement: word }));
      expect(() => expectNothingOf(text, { ...verdict, findings }, gate), word).toThrow();
    }
  });
});

describe('the algorithm', () => {
  it.each(['none', 'None', 'NONE', 'nOnE'])('REQ-KEY-007 %s, with the old signature or none', async (alg) => {
    const text = await forged({ header: (header) => ({ ...header, alg }) });
    await refuses(text, 'algorithm-none');
    const [credential = '', ...rest] = text.split('~');
    const unsigned = credential.slice(0, credential.lastIndexOf('.') + 1);
    await refuses([unsigned, ...rest].join('~'), 'algorithm-none');
  });

  it('REQ-KEY-008 HS256 with the public key as the secret', async () => {
    const key = createPublicKey({ key: { ...issuer.publicJwk }, format: 'jwk' });
    const pem = key.export({ format: 'pem', type: 'spki' });
    const sign = async (data: Uint8Array) => new Uint8Array(createHmac('sha256', pem).update(data).digest());
    const text = await forged({
      header: (header) => ({ ...header, alg: 'HS256' }),
      signer: { ...issuer, sign },
    });
    await refuses(text, 'algorithm-mismatch');
  });

  it.each(['EdDSA', 'ES384', 'RS256', 'es256', ''])('REQ-KEY-008 %s for a P-256 key', async (alg) => {
    await refuses(await forged({ header: (header) => ({ ...header, alg }) }), 'algorithm-mismatch');
  });

  it('REQ-KEY-008 the registered key decides, not the message', async () => {
    await expectAccepted(await show(fixture, { signer: ed25519 }), gate);
    const claimed = { ...ed25519, alg: 'ES256' as const };
    await refuses(await show(fixture, { signer: claimed }), 'algorithm-mismatch');
    const reversed = { ...issuer, alg: 'EdDSA' as const };
    await refuses(await show(fixture, { signer: reversed }), 'algorithm-mismatch');
  });
});

describe('the key', () => {
  it.each<[string, () => Record<string, unknown>]>([
    ['jwk', () => ({ jwk: attacker.publicJwk })],
    ['jku', () => ({ jku: 'https://attacker.example/keys.json' })],
    ['x5c', () => ({ x5c: ['MIIB'] })],
    ['x5u', () => ({ x5u: 'https://attacker.example/chain.pem' })],
    ['crit', () => ({ crit: ['b64'], b64: false })],
    ['a second typ', () => ({ cty: 'dc+sd-jwt' })],
  ])('REQ-DEC-019 a key brought along in the header: %s', async (_, names) => {
    const header = (before: Record<string, unknown>) => ({ ...before, ...names() });
    await refuses(await forged({ header, signer: attacker }), 'jwt-malformed');
    // Whoever signs it: a header that says more than the protocol is none of it.
    await refuses(await forged({ header, signer: issuer }), 'jwt-malformed');
  });

  it('REQ-SIG-001 the attacker’s key under the issuer’s kid', async () => {
    await refuses(await forged({ signer: attacker }), 'signature-invalid');
  });

  it('REQ-KEY-002 the attacker’s key under its own kid', async () => {
    await refuses(await show(fixture, { signer: attacker }), 'key-unknown');
    await refuses(await show(fixture, { signer: { ...attacker, kid: '__proto__AA' } }), 'key-unknown');
  });

  it('REQ-KEY-002 another region’s key', async () => {
    const neighbour = fixture.regions['CN-GD'].credential;
    await expectAccepted(await show(fixture, { claims: UNLISTED, region: 'CN-GD' }), gate);
    await refuses(await show(fixture, { signer: neighbour }), 'key-unknown');
  });

  it('REQ-KEY-002 keys of the region that are for something else altogether, and the holder’s own', async () => {
    const { admins, keys, operators } = fixture.regions['CN-BJ'];
    for (const signer of [...admins, keys, ...operators, holder]) {
      await refuses(await show(fixture, { signer }), 'key-unknown');
    }
  });

  it('REQ-KEY-003 the region’s status key', async () => {
    const { status } = fixture.regions['CN-BJ'];
    await refuses(await show(fixture, { signer: status }), 'key-use');
  });

  it('REQ-KEY-001 an issuer that is no region', async () => {
    for (const iss of ['https://attacker.example', `${sampleIssuer('CN-BJ')}/`, 'https://constructor']) {
      const text = await forged({ payload: (claims) => ({ ...claims, iss }), signer: attacker });
      await refuses(text, 'issuer-unknown');
    }
  });

  it('REQ-KEY-004 a key whose time was over, or had not begun', async () => {
    const earlier = { ...UNLISTED, issuedAt: addHours(ISSUED, -1), expiresAt: addHours(ISSUED, 5) };
    await expectAccepted(await show(fixture, { claims: earlier, signer: former }), gate);
    await refuses(await show(fixture, { signer: former }), 'key-not-valid-then');
    const later = { ...UNLISTED, issuedAt: addHours(ISSUED, 1) };
    await expectAccepted(await show(fixture, { claims: later, signer: coming }), gate);
    await refuses(await show(fixture, { signer: coming }), 'key-not-valid-then');
  });
});

describe('REQ-SIG-001 what the issuer signed', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a better level', { level: 'amber' }],
    ['another scheme', { vct: 'urn:symbolon:test:1' }],
    ['a longer life', { exp: addHours(ISSUED, 23) }],
    ['another entry of the list', { status: { status_list: { idx: 1, uri: CLAIMS.statusEntry?.uri } } }],
    ['no status', { status: undefined }],
    ['another holder', { cnf: { jwk: attacker.publicJwk } }],
    ['no holder', { cnf: undefined, bearer: true }],
    ['a contest forgotten', { contested: true }],
  ])('changed: %s', async (_, names) => {
    const payload = (claims: Record<string, unknown>) => ({ ...claims, ...names });
    const changed = await reissue(discloseSdJwt(await mint(fixture), []), { payload });
    const isCard = 'bearer' in names;
    const by = 'cnf' in names ? attacker : holder;
    await refuses(isCard ? changed : await bind(changed, { holder: by }), 'signature-invalid');
  });

  it('written otherwise: the same claims in another order', async () => {
    const payload = (claims: Record<string, unknown>) => Object.fromEntries(Object.entries(claims).reverse());
    await refuses(await forged({ payload }), 'signature-invalid');
    // The very same credential, had the issuer written it so: order means nothing, the signature does.
    await expectAccepted(await forged({ payload, signer: issuer }), gate);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a claim of another profile', { sub: 'a person' }],
    ['a key and bearer', { bearer: true }],
    ['a time that is no whole second', { iat: ISSUED + 0.5 }],
    ['a level that is no name', { level: 'GREEN' }],
  ])('REQ-DEC-021 %s: claims-malformed, whoever signed it', async (_, names) => {
    const payload = (claims: Record<string, unknown>) => ({ ...claims, ...names });
    await refuses(await forged({ payload, signer: issuer }), 'claims-malformed');
  });
});

describe('one thing shown as another', () => {
  it('REQ-ACC-002 a test result at a gate that asks for health', async () => {
    const shown = await show(fixture, { claims: TESTED });
    await expectAccepted(shown, { ...gate, policy: TEST_GATE });
    await expectNotAccepted(shown, gate, 'scheme-not-asked', 'policy-not-met');
  });

  it('REQ-REC-001 the scheme in a version that the federation does not have', async () => {
    for (const vct of ['urn:symbolon:health:2', 'urn:symbolon:travel:1', 'urn:symbolon:constructor:1']) {
      const text = await forged({ payload: (claims) => ({ ...claims, vct }), signer: issuer });
      await refuses(text, 'scheme-unknown');
    }
  });

  it('REQ-DEC-020 another token of the same region, or of the same holder', async () => {
    const live = await show(fixture);
    await refuses(`${await listToken(fixture)}~`, 'type-unexpected');
    await refuses(`${live.slice(live.lastIndexOf('~') + 1)}~`, 'type-unexpected');
    await refuses(`${live}~`, 'disclosure-unreferenced');
    const typ = 'application/dc+sd-jwt';
    await refuses(
      await forged({ header: (header) => ({ ...header, typ }), signer: issuer }),
      'type-unexpected',
    );
  });
});

describe('disclosures', () => {
  const names = ['reason', 'evidence'];
  const disclosed = async (seed = 'mint') => discloseSdJwt(await mint(fixture, { seed }), names);

  it('are shown as the holder chose', async () => {
    const verdict = await expectAccepted(await bind(await disclosed()), gate);
    expect(verdict).toMatchObject({
      statuses: [{ details: { reason: 'No adverse fact is known', evidence: 'no-adverse-fact' } }],
    });
  });

  it('REQ-DEC-023 smuggled in: one that the credential does not name', async () => {
    const made = encodeBase64url(utf8(JSON.stringify(['c2FsdHNhbHRzYWx0c2FsdA', 'evidence', 'laboratory'])));
    await refuses(await bind(`${await disclosed()}${made}~`), 'disclosure-unreferenced');
  });

  it('REQ-DEC-023 shown twice', async () => {
    const [jwt, details, ...others] = (await disclosed()).split('~');
    await refuses(await bind([jwt, details, details, ...others].join('~')), 'disclosure-unreferenced');
  });

  it('REQ-DEC-023 of another credential of the same holder', async () => {
    const [jwt] = (await disclosed()).split('~');
    const [, ...others] = (await disclosed('another')).split('~');
    await expectAccepted(await bind(await disclosed('another')), gate);
    await refuses(await bind([jwt, ...others].join('~')), 'disclosure-unreferenced');
  });

  it('REQ-DEC-023 without the one that names it', async () => {
    const [jwt, , ...others] = (await disclosed()).split('~');
    await refuses(await bind([jwt, ...others].join('~')), 'disclosure-unreferenced');
  });

  it('REQ-DEC-023 with another content', async () => {
    const text = await disclosed();
    const reason = text.split('~')[2] ?? '';
    const better = encodeBase64url(utf8(JSON.stringify(['c2FsdHNhbHRzYWx0c2FsdA', 'reason', 'All is well'])));
    await refuses(await bind(text.replace(reason, better)), 'disclosure-unreferenced');
  });
});
