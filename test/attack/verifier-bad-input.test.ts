import { issueDataIntegrity } from '@symbolon/credential/data-integrity';
import { packQr } from '@symbolon/credential/qr/pack';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { openTrust } from '@symbolon/verifier/open-trust';
import { createScanner } from '@symbolon/verifier/scanner';
import type { Trust } from '@symbolon/verifier/trust';
import { verify } from '@symbolon/verifier/verify';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccepted,
  expectNothingOf,
  expectReferred,
  type Gate,
  summary,
  verdictAt,
} from '../support/expect-verdict.ts';
import { type FederationFixture, publishUpdate } from '../support/federation-fixture.ts';
import {
  attacker,
  bundleOf,
  foundFederation,
  GATE,
  ISSUED,
  LIST,
  NOW,
  openedFrom,
  SIGNED_AT,
} from '../support/verifier-federation.ts';
import { bind, CLAIMS, holder, mint, reissue, show, UNLISTED } from '../support/verifier-showings.ts';

/**
 * Bad input at the level of the library: each has its stable code, none is an exception from `verify`, and nothing of the input is in the
 * verdict or the error.
 */

let fixture: FederationFixture;
let trust: Trust;
let gate: Gate;
let live: string;
let qr: string;

beforeAll(async () => {
  fixture = await foundFederation();
  ({ trust } = await openedFrom(fixture));
  gate = { trust, policy: GATE, now: NOW };
  live = await show(fixture);
  qr = packQr(live, trust.registry.dictionary);
});

/** A word that is nowhere in the program, so that finding it in an answer means that input was echoed. */
const MARK = 'Zhang4711Wei';

const byIssuer = async (change: Parameters<typeof reissue>[1]) =>
  bind(
    await reissue(discloseSdJwt(await mint(fixture), []), {
      signer: fixture.regions['CN-BJ'].credential,
      ...change,
    }),
  );
const claims = (changes: Record<string, unknown>) => ({
  payload: (before: Record<string, unknown>) => ({ ...before, ...changes }),
});

describe('bad input has a stable code and no exception', () => {
  it.each<[string, string, () => string | Promise<string>]>([
    ['REQ-DEC-005 nothing', 'presentation-unrecognised', () => ''],
    ['white space', 'presentation-unrecognised', () => ' \n\t '],
    ['some other text', 'presentation-unrecognised', () => `Dear ${MARK}, see you tomorrow`],
    ['some other QR code', 'presentation-unrecognised', () => `https://example.org/${MARK}`],
    ['another protocol’s', 'presentation-unrecognised', () => `HC1:6BF${MARK}`],
    ['text cut off in the credential', 'presentation-unrecognised', () => live.slice(0, 200)],
    ['text cut off after the credential', 'binding-missing', () => live.slice(0, live.lastIndexOf('~') + 1)],
    ['text cut off in the proof', 'binding-malformed', () => live.slice(0, -100)],
    ['text cut off in the signature', 'binding-malformed', () => live.slice(0, -1)],
    ['QR text cut off', 'packing-truncated', () => qr.slice(0, 5 + 90)],
    ['QR text cut off within a group', 'base45-malformed', () => qr.slice(0, 5 + 91)],
    ['QR text of nothing', 'packing-truncated', () => 'SYM1:'],
    ['a character that base45 has not', 'base45-malformed', () => `SYM1:${MARK}`],
    ['a group beyond its bytes', 'base45-malformed', () => 'SYM1::::'],
    ['base45 of something else', 'packing-malformed', () => 'SYM1:10'],
    ['text that is too long', 'presentation-too-large', () => `${live}${MARK.repeat(2000)}`],
    ['QR text that is too long', 'presentation-too-large', () => qr.padEnd(LIMITS.qrTextBytes + 1, '0')],
    ['too many disclosures', 'presentation-too-large', () => `${'a~'.repeat(LIMITS.disclosures + 2)}`],
    ['a packing of the next version', 'packing-version-unknown', () => qr.replace('SYM1', 'SYM2')],
    ['JSON that is none', 'json-malformed', () => `{"${MARK}":`],
    ['JSON that is nested too deep', 'json-too-deep', () => `{"a":${'['.repeat(99)}${']'.repeat(99)}}`],
    ['JSON of something else', 'presentation-unrecognised', () => `{"name":"${MARK}"}`],
    ['an unknown issuer', 'issuer-unknown', () => byIssuer(claims({ iss: `https://${MARK}.example` }))],
    ['an unknown key', 'key-unknown', () => show(fixture, { signer: attacker })],
    [
      'the wrong algorithm',
      'algorithm-mismatch',
      () => byIssuer({ header: (h) => ({ ...h, alg: 'EdDSA' }) }),
    ],
    [
      'an algorithm of nobody’s',
      'algorithm-mismatch',
      () => byIssuer({ header: (h) => ({ ...h, alg: MARK }) }),
    ],
    ['alg none', 'algorithm-none', () => byIssuer({ header: (h) => ({ ...h, alg: 'none' }) })],
    ['another type', 'type-unexpected', () => byIssuer({ header: (h) => ({ ...h, typ: MARK }) })],
    ['a name in it', 'claims-malformed', () => byIssuer(claims({ name: MARK }))],
    ['a wrong signature', 'signature-invalid', () => byIssuer({ signer: attacker })],
    ['the wrong audience', 'binding-audience', () => show(fixture, { audience: `urn:${MARK}` })],
    ['the wrong nonce', 'binding-nonce', () => show(fixture, { nonce: MARK })],
    ['a stale presentation', 'binding-stale', () => show(fixture, { at: addSeconds(NOW, -61) })],
    [
      'a JSON-LD context that is not bundled',
      'context-unbundled',
      async () => {
        const { credential: signer } = fixture.regions['CN-BJ'];
        const did = 'did:web:cn-bj.symbolon.test';
        const random = insecureRandomFromSeed('bad input');
        const text = await issueDataIntegrity({ did, kid: signer.kid, claims: UNLISTED, signer, random });
        return text.replace('"https://', `"https://${MARK}.example","https://`);
      },
    ],
  ])('%s: %s', async (_, code, make) => {
    const text = await make();
    await expectAccepted(live, gate);
    for (const shown of [text, `  ${text}\n`]) {
      const verdict = await verdictAt(shown, gate);
      expect(summary(verdict)).toEqual({ outcome: 'not-authentic', codes: [code] });
      expect(JSON.stringify(verdict)).not.toContain(MARK);
      expectNothingOf(text, verdict, gate);
    }
    const scanned = await createScanner(GATE).scan(text, trust, NOW);
    expect(summary(scanned)).toEqual({ outcome: 'not-authentic', codes: [code] });
  });

  it('what is authentic and yet not good is told with what was shown', async () => {
    const end = addHours(ISSUED, 6);
    const late = await verdictAt(await show(fixture, { claims: UNLISTED, at: end }), { ...gate, now: end });
    expect(summary(late)).toEqual({ outcome: 'not-accepted', codes: ['expired'] });
    const future = { ...UNLISTED, issuedAt: addHours(ISSUED, 2), expiresAt: addHours(ISSUED, 8) };
    const early = await verdictAt(await show(fixture, { claims: future }), gate);
    expect(summary(early)).toEqual({ outcome: 'not-accepted', codes: ['not-yet-valid'] });
    const unlisted = { ...CLAIMS, statusEntry: { idx: 0, uri: `${LIST}-1` } };
    await expectReferred(await show(fixture, { claims: unlisted }), gate, 'status-list-missing');
  });
});

describe('a bundle that is none, or not the one', () => {
  it.each<[string, string, () => Promise<Parameters<typeof openTrust>[0]>]>([
    ['no pinned root', 'no-trust-anchor', async () => opening({ pinnedRoot: undefined })],
    ['an empty root', 'no-trust-anchor', async () => opening({ pinnedRoot: new Uint8Array() })],
    [
      'a root that is none',
      'metadata-malformed',
      async () => opening({ pinnedRoot: bytes(`{"${MARK}":1}`) }),
    ],
    ['nothing', 'bundle-malformed', async () => opening({ bundle: new Uint8Array() })],
    ['text', 'bundle-malformed', async () => opening({ bundle: bytes(`Dear ${MARK}`) })],
    [
      'a bundle cut off',
      'bundle-malformed',
      async () => opening({ bundle: (await bundleOf(fixture)).slice(0, -9) }),
    ],
    ['an older bundle', 'bundle-rollback', olderBundle],
  ])('%s: %s', async (_, code, make) => {
    await expect(openTrust(await opening({}))).resolves.toBeDefined();
    const error = await openTrust(await make()).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(isSymbolonError(error) && error.code).toBe(code);
    expect(everythingIn(error)).not.toContain(MARK);
  });

  const bytes = (text: string) => new TextEncoder().encode(text);

  async function opening(
    changes: Partial<Parameters<typeof openTrust>[0]>,
  ): Promise<Parameters<typeof openTrust>[0]> {
    return { bundle: await bundleOf(fixture), pinnedRoot: fixture.pinnedRoot, now: NOW, ...changes };
  }

  async function olderBundle(): Promise<Parameters<typeof openTrust>[0]> {
    const growing = await foundFederation();
    const older = await bundleOf(growing);
    await publishUpdate(growing, addSeconds(SIGNED_AT, 60), async (draft) => draft);
    const { state } = await openedFrom(growing);
    return { bundle: older, pinnedRoot: growing.pinnedRoot, state, now: NOW };
  }
});

/** An error with all its causes, as a careless log would write it. */
function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = Object.getOwnPropertyNames(error).map((name) => String(Reflect.get(error, name)));
  return [error.name, ...own, everythingIn(error.cause)].join('\n');
}

describe('a policy that cannot be used is the one exception', () => {
  it('REQ-ACC-004 and says where, not what', async () => {
    const policy = { ...GATE, accept: `health.level == "${MARK}"` };
    const error = await verify(live, trust, policy, NOW).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(isSymbolonError(error) && error.code).toBe('policy-malformed');
    expect(everythingIn(error)).not.toContain(MARK);
    expect(everythingIn(error)).not.toContain(holder.kid);
  });
});
