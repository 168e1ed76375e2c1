import { systemRandom } from '@symbolon/protocol/random';
import { describe, expect, it } from 'vitest';
import {
  CARD,
  CLAIMS,
  DETAILS,
  ed25519Signer,
  holderSigner,
  ISSUER,
  issuerSigner,
  SHOWN_AT,
  sampleSdJwt,
  strangerSigner,
} from '../../testing/sample.ts';
import { parseCompactJws } from '../compact-jws.ts';
import { checkMintedSdJwt } from './check.ts';
import { splitSdJwt } from './compact.ts';
import { decodeDisclosure } from './disclosure.ts';
import { issueSdJwt } from './issue.ts';
import { parseSdJwt } from './parse.ts';
import { discloseSdJwt, presentSdJwt } from './present.ts';

const code = (name: string) => expect.objectContaining({ code: name });

function digestsInside(sdJwt: string): readonly unknown[] {
  const [outer = ''] = splitSdJwt(sdJwt).disclosures;
  const { name, value } = decodeDisclosure(outer);
  expect(name).toBe('details');
  if (typeof value !== 'object' || value === null || !('_sd' in value) || !Array.isArray(value['_sd'])) {
    throw new Error('no digests');
  }
  expect(Object.keys(value)).toEqual(['_sd']);
  return value['_sd'];
}

describe('a minted credential', () => {
  it('has one fixed order of header and claims', async () => {
    const { header, payload } = parseCompactJws(splitSdJwt(await sampleSdJwt()).jwt);
    expect(JSON.stringify(header)).toBe(`{"alg":"ES256","typ":"dc+sd-jwt","kid":"${issuerSigner.kid}"}`);
    expect(Object.keys(payload)).toEqual(
      'iss vct level rule authority assurance iat exp status cnf _sd _sd_alg'.split(' '),
    );
    expect(payload['vct']).toBe('urn:symbolon:health:1');
    const card = parseCompactJws(
      splitSdJwt(await sampleSdJwt({ ...CARD, via: 'DE-BY', contested: true })).jwt,
    );
    expect(Object.keys(card.payload).slice(8)).toEqual(['bearer', 'contested', 'via', '_sd', '_sd_alg']);
  });

  it('writes the order also when the key and the entry came in another one', async () => {
    const { holderKey, statusEntry } = CLAIMS;
    if (holderKey?.kty !== 'EC' || statusEntry === undefined) throw new Error('unreachable');
    const { kty, crv, x, y } = holderKey;
    const shuffled = {
      ...CLAIMS,
      holderKey: { y, x, crv, kty },
      statusEntry: { uri: statusEntry.uri, idx: statusEntry.idx },
    };
    const [a, b] = [await sampleSdJwt(), await sampleSdJwt(shuffled)].map((text) => text.split('.')[1]);
    expect(a).toBe(b);
  });

  it("has the same number of sorted digests whether or not there are initials, or an asset's name", async () => {
    const asset = 'urn:example:road:g7:117';
    for (const details of [DETAILS, { ...DETAILS, initials: 'A. M.' }, { ...DETAILS, asset }]) {
      const digests = digestsInside(await sampleSdJwt(CARD, details));
      expect(digests).toHaveLength(4);
      expect(digests).toEqual([...digests].sort());
      expect(new Set(digests).size).toBe(4);
    }
  });

  it('shares no salt, no digest and no signature with another one of the same status', async () => {
    const options = {
      issuer: ISSUER,
      claims: CARD,
      details: DETAILS,
      signer: issuerSigner,
      random: systemRandom,
    };
    const parts = [await issueSdJwt(options), await issueSdJwt(options)].flatMap((text) => {
      const { jwt, disclosures } = splitSdJwt(text);
      return [
        jwt.split('.')[2],
        ...digestsInside(text),
        ...disclosures,
        ...disclosures.map((part) => decodeDisclosure(part).salt),
      ];
    });
    expect(parts).toHaveLength(2 * (1 + 4 + 3 + 3));
    expect(new Set(parts).size).toBe(parts.length);
  });

  it.each([
    ['a key and bearer', { ...CLAIMS, bearer: true }, DETAILS],
    ['neither', { ...CARD, bearer: false }, DETAILS],
    ['a rule without version', { ...CLAIMS, rule: 'x' }, DETAILS],
    ['a level that is no name', { ...CLAIMS, level: 'GREEN!' }, DETAILS],
    ['no reason', CLAIMS, { ...DETAILS, reason: '' }],
    ['initials and an asset', CARD, { ...DETAILS, initials: 'A. M.', asset: 'urn:example:road:g7:117' }],
    ['another detail', CLAIMS, { ...DETAILS, name: 'Erika' }],
  ])('is not made of %s', async (_, claims, details) => {
    await expect(sampleSdJwt(claims, details)).rejects.toThrowError(code('claims-malformed'));
  });
});

describe('REQ-SIG-003 what was minted is checked against the published key before it is handed out', () => {
  it('passes what is right, for both algorithms', async () => {
    await checkMintedSdJwt(await sampleSdJwt(), issuerSigner.publicJwk);
    const text = await issueSdJwt({
      issuer: ISSUER,
      claims: CARD,
      details: DETAILS,
      signer: ed25519Signer,
      random: systemRandom,
    });
    await checkMintedSdJwt(text, ed25519Signer.publicJwk);
  });

  it.each([
    ['another key published', async () => sampleSdJwt(), strangerSigner.publicJwk],
    ['a key of another kind published', async () => sampleSdJwt(), ed25519Signer.publicJwk],
    ['no SD-JWT', async () => 'x', issuerSigner.publicJwk],
    ['a disclosure too many', async () => `${await sampleSdJwt()}WyJhIiwiYiIsMV0~`, issuerSigner.publicJwk],
    [
      'a signer that signs wrongly',
      async () =>
        issueSdJwt({
          issuer: ISSUER,
          claims: CARD,
          details: DETAILS,
          signer: { ...issuerSigner, sign: (data) => issuerSigner.sign(data.subarray(1)) },
          random: systemRandom,
        }),
      issuerSigner.publicJwk,
    ],
    [
      'a signer with the kid of another key',
      async () =>
        issueSdJwt({
          issuer: ISSUER,
          claims: CARD,
          details: DETAILS,
          signer: { ...issuerSigner, kid: strangerSigner.kid },
          random: systemRandom,
        }),
      issuerSigner.publicJwk,
    ],
  ])('refuses: %s', async (_, mint, published) => {
    await expect(checkMintedSdJwt(await mint(), published)).rejects.toThrowError(code('minted-check-failed'));
  });
});

describe('a holder discloses what was chosen and nothing else', () => {
  const binding = { audience: 'https://gate.example', nonce: 'n', now: SHOWN_AT };

  it.each([
    [[], {}],
    [['evidence'], { evidence: DETAILS.evidence }],
    [['reason', 'evidence'], DETAILS],
  ])('%j', async (disclose, details) => {
    const sdJwt = await sampleSdJwt();
    const shown = await presentSdJwt({ ...binding, sdJwt, disclose, holder: holderSigner });
    expect(parseSdJwt(shown).details).toEqual(details);
    expect(splitSdJwt(shown).disclosures).toHaveLength(disclose.length === 0 ? 0 : disclose.length + 1);
  });

  it('REQ-DEC-023 refuses a name that the credential does not have', async () => {
    expect(() => discloseSdJwt('x', [])).toThrow();
    const sdJwt = await sampleSdJwt();
    expect(() => discloseSdJwt(sdJwt, ['initials'])).toThrowError(code('disclosure-unreferenced'));
  });

  it('REQ-BND-003 refuses to bind with another key, or a card', async () => {
    const wrong = { ...binding, disclose: [], sdJwt: await sampleSdJwt(), holder: strangerSigner };
    await expect(presentSdJwt(wrong)).rejects.toThrowError(code('binding-signature'));
    const card = { ...wrong, sdJwt: await sampleSdJwt(CARD), holder: holderSigner };
    await expect(presentSdJwt(card)).rejects.toThrowError(code('binding-signature'));
  });

  it('REQ-BND-002 refuses to present a presentation again', async () => {
    const once = { ...binding, disclose: [], sdJwt: await sampleSdJwt(), holder: holderSigner };
    const shown = await presentSdJwt(once);
    await expect(presentSdJwt({ ...once, sdJwt: shown })).rejects.toThrowError(code('binding-malformed'));
  });
});
