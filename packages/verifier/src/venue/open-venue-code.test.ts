import { writeVenueCode } from '@symbolon/credential/venue-code';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { addHours, addSeconds, type Instant } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import {
  HENAN,
  HOUR,
  issuer,
  key,
  lister,
  NOW,
  SIGNED_AT,
  type TrustChanges,
} from '../testing/plain-trust.ts';
import { show, UNLISTED } from '../testing/presentations.ts';
import { VENUE, venueCode, venueKey, venueTrust } from '../testing/venue-codes.ts';
import { verify } from '../verify.ts';
import { openVenueCode, policyOfVenue } from './index.ts';

const trust = venueTrust();
const AUDIENCE = 'urn:symbolon:venue:CN-HA:central-station';

async function codeOf(text: string, changes: TrustChanges = {}, now: Instant = NOW) {
  try {
    await openVenueCode(text, venueTrust(changes), now);
    return undefined;
  } catch (error) {
    if (isSymbolonError(error)) return error.code;
    throw error;
  }
}
const keyIs = (...[use = 'venue', changes]: [Parameters<typeof key>[1]?, Parameters<typeof key>[2]?]) => ({
  henan: { keys: [key(issuer), key(venueKey, use, changes)] },
});

describe('a venue code is opened', () => {
  it('to what the region says of the venue', async () => {
    const title = { en: 'Central station', zh: '中央车站' };
    const opened = await openVenueCode(await venueCode({ title }), trust, NOW);
    expect(opened).toEqual({
      region: 'CN-HA',
      venue: 'central-station',
      title,
      purpose: 'entry',
      schemes: ['health'],
      accept: 'health.level == "green"',
      onContested: 'referred',
      onBearer: 'refused',
      audience: AUDIENCE,
      nonce: VENUE.nonce,
      issuedAt: HOUR,
      expiresAt: VENUE.exp,
      kid: venueKey.kid,
    });
  });

  it('as QR text, as JWS, and with white space around it', async () => {
    const token = await writeVenueCode(VENUE, venueKey);
    const opened = await openVenueCode(await venueCode(), trust, NOW);
    for (const text of [token, ` ${token}\n`, `${await venueCode()}\n`])
      expect(await openVenueCode(text, trust, NOW)).toEqual(opened);
  });

  it('to a policy that a presentation for this venue meets, and for each code one', async () => {
    const code = await openVenueCode(await venueCode(), trust, NOW);
    const policy = policyOfVenue(code);
    expect(policy).toEqual({
      region: 'CN-HA',
      purpose: 'entry',
      schemes: ['health'],
      accept: 'health.level == "green"',
      onContested: 'referred',
      onBearer: 'refused',
      requireNonce: true,
      venue: { audience: AUDIENCE, nonce: VENUE.nonce },
    });
    expect(policyOfVenue(code)).toBe(policy);
    const shown = await show({ claims: UNLISTED, audience: AUDIENCE, nonce: VENUE.nonce });
    expect(await verify(shown, trust, policy, NOW)).toMatchObject({ outcome: 'accepted', findings: [] });
  });

  it('REQ-DEC-005 and is no presentation', async () => {
    const policy = policyOfVenue(await openVenueCode(await venueCode(), trust, NOW));
    for (const text of [await venueCode(), await writeVenueCode(VENUE, venueKey)]) {
      const { findings } = await verify(text, trust, policy, NOW);
      expect(findings).toMatchObject([{ code: 'presentation-unrecognised' }]);
    }
  });
});

describe('a venue code that is not its region’s is refused', () => {
  it.each<[string, () => Promise<string>, TrustChanges, string]>([
    ['REQ-VEN-001 a presentation', () => show(), {}, 'venue-code-malformed'],
    [
      'REQ-KEY-001 of nobody in the federation',
      () => venueCode({ iss: 'https://elsewhere.example' }),
      {},
      'issuer-unknown',
    ],
    [
      'REQ-KEY-001 of a region that is not in the bundle',
      () => venueCode({ iss: 'https://status.gd.example' }),
      {},
      'issuer-unknown',
    ],
    [
      'REQ-KEY-002 by a key that nobody published',
      () => venueCode(),
      { henan: { keys: HENAN.keys } },
      'key-unknown',
    ],
    [
      'REQ-KEY-002 of another region, by this one’s key',
      () => venueCode({ iss: 'https://status.bj.example' }),
      {},
      'key-unknown',
    ],
    ['REQ-KEY-003 by a key for credentials', () => venueCode({}, issuer), {}, 'key-use'],
    ['REQ-KEY-003 by a key for status lists', () => venueCode({}, lister), {}, 'key-use'],
    ['REQ-KEY-003 by a key that is now published for the log', () => venueCode(), keyIs('log'), 'key-use'],
    [
      'REQ-KEY-004 from before its key',
      () => venueCode(),
      keyIs('venue', { notBefore: addHours(HOUR, 1) }),
      'key-not-valid-then',
    ],
    [
      'REQ-KEY-004 from after its key',
      () => venueCode(),
      keyIs('venue', { notAfter: HOUR }),
      'key-not-valid-then',
    ],
    [
      'REQ-KEY-005 by a revoked key, whatever it says since when',
      () => venueCode(),
      keyIs('venue', { revoked: { since: addHours(HOUR, 1), reason: 'leaked' } }),
      'key-revoked',
    ],
    [
      'REQ-KEY-012 by a key without its lead',
      () => venueCode(),
      { henan: { ...keyIs().henan, lateKeys: { [venueKey.kid]: addHours(HOUR, 1) } } },
      'key-without-lead',
    ],
  ])('%s', async (_name, text, changes, code) => {
    expect(await codeOf(await text(), changes)).toBe(code);
  });

  it('REQ-KEY-006 by a key that is no point of its curve', async () => {
    const jwk = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } as const;
    expect(await codeOf(await venueCode(), keyIs('venue', { jwk }))).toBe('key-malformed');
  });

  it('REQ-KEY-008 by another algorithm than its key’s', async () => {
    const [, payload = '', signature = ''] = (await writeVenueCode(VENUE, venueKey)).split('.');
    const header = { alg: 'EdDSA', typ: 'symbolon-venue+jwt', kid: venueKey.kid };
    const token = [encodeBase64url(utf8(JSON.stringify(header))), payload, signature].join('.');
    expect(await codeOf(token)).toBe('algorithm-mismatch');
  });

  it('REQ-SIG-001 when anything in it was altered', async () => {
    const [header = '', , signature = ''] = (await writeVenueCode(VENUE, venueKey)).split('.');
    for (const change of [
      { venue: 'other-station' },
      { purpose: 'travel' },
      { accept: 'true' },
      { onBearer: 'accepted' },
      { nonce: 'AAAAAAAAAAAAAAAAAAAAAA' },
      { exp: addHours(HOUR, 169) },
    ]) {
      const payload = encodeBase64url(utf8(JSON.stringify({ ...VENUE, ...change })));
      expect(await codeOf([header, payload, signature].join('.'))).toBe('signature-invalid');
    }
    const impostor = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'impostor'));
    const forged = await writeVenueCode(VENUE, { ...impostor, kid: venueKey.kid });
    expect(await codeOf(forged)).toBe('signature-invalid');
  });

  it('is signed with Ed25519, too, where the key is one', async () => {
    const signer = await createLocalSigner(insecurePrivateKeyFromSeed('EdDSA', 'verifier venue'));
    const text = await venueCode({}, signer);
    expect(await codeOf(text, { henan: { keys: [key(signer, 'venue')] } })).toBeUndefined();
  });
});

describe('a venue code holds for its time', () => {
  it('REQ-VEN-002 up to its end, and not from then on', async () => {
    const text = await venueCode({ exp: addHours(HOUR, 2) });
    expect(await codeOf(text, {}, addSeconds(HOUR, 7199))).toBeUndefined();
    expect(await codeOf(text, {}, addSeconds(HOUR, 7200))).toBe('venue-code-expired');
  });

  it('REQ-VEN-003 from its begin on, within what clocks may differ', async () => {
    const text = await venueCode({ iat: addHours(HOUR, 1) });
    expect(await codeOf(text, {}, addSeconds(HOUR, 3569))).toBe('venue-code-future');
    expect(await codeOf(text, {}, addSeconds(HOUR, 3570))).toBeUndefined();
  });

  it('REQ-REG-016 while the registry is not too old to rely on', async () => {
    const text = await venueCode({ exp: addHours(HOUR, 31 * 24) });
    const registry = { signedAt: SIGNED_AT };
    expect(await codeOf(text, { registry }, addSeconds(SIGNED_AT, 240 * 3600 - 1))).toBeUndefined();
    expect(await codeOf(text, { registry }, addHours(SIGNED_AT, 240))).toBe('stale-block');
  });

  it('REQ-DEC-025 a time that is none is the caller’s mistake', async () => {
    await expect(openVenueCode(await venueCode(), trust, Number.NaN as Instant)).rejects.toMatchObject({
      code: 'instant-malformed',
    });
  });
});

describe('a venue code asks for no more than the schemes allow', () => {
  it.each<[string, Partial<typeof VENUE>, string]>([
    ['REQ-REC-001 a scheme that there is not', { schemes: ['wealth'], accept: 'true' }, 'scheme-unknown'],
    [
      'REQ-REC-001 what a record inherits is no scheme',
      { schemes: ['constructor'], accept: 'true' },
      'scheme-unknown',
    ],
    ['REQ-ACC-001 a purpose that the scheme does not list', { purpose: 'employment' }, 'purpose-not-listed'],
    ['REQ-ACC-004 an expression that does not compile', { accept: 'health.level ==' }, 'policy-malformed'],
    ['REQ-ACC-004 a level that there is not', { accept: 'health.level == "blue"' }, 'policy-malformed'],
    ['REQ-ACC-004 a scheme that is not asked for', { accept: 'test.present' }, 'policy-malformed'],
    ['REQ-ACC-004 a scheme twice', { schemes: ['health', 'health'] }, 'policy-malformed'],
    ['REQ-RUL-007 a regular expression', { accept: 'health.level.matches("g.*")' }, 'policy-malformed'],
  ])('%s', async (_name, changes, code) => {
    expect(await codeOf(await venueCode(changes))).toBe(code);
  });
});
