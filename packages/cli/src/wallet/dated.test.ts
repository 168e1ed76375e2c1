import { issueDataIntegrity } from '@symbolon/credential/data-integrity';
import type { StatusClaims } from '@symbolon/credential/model';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { createLocalSigner } from '@symbolon/keys/signer';
import { addHours, addSeconds, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { beforeAll, describe, expect, it } from 'vitest';
import { dateCredentials, hasExpired, isLive, withoutExpired } from './dated.ts';
import type { HeldCredential } from './wallet-file.ts';

const HOUR = parseInstant('2026-11-21T21:00:00Z');
const END = addHours(HOUR, 6);
const signer = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'issuer'));
const random = insecureRandomFromSeed('dated');

async function held(
  seed: string,
  expiresAt: Instant,
  more: Partial<HeldCredential> = {},
): Promise<HeldCredential> {
  const key = insecurePrivateKeyFromSeed('ES256', seed);
  const claims: StatusClaims = {
    scheme: 'health',
    major: 1,
    level: 'green',
    rule: 'clear@1',
    authority: 'cdc',
    assurance: 'high',
    issuedAt: HOUR,
    expiresAt,
    holderKey: (await createLocalSigner(key)).publicJwk,
    bearer: false,
    contested: false,
  };
  const credential =
    more.format === 'ldp_vc'
      ? await issueDataIntegrity({ did: 'did:web:ha.example', kid: signer.kid, claims, signer, random })
      : await issueSdJwt({
          issuer: 'https://ha.example',
          claims,
          details: { reason: 'Clear', evidence: 'none' },
          signer,
          random,
        });
  return { scheme: 'health', format: 'dc+sd-jwt', credential, key, receivedAt: HOUR, used: false, ...more };
}

let sdJwt: HeldCredential;
let jsonLd: HeldCredential;
beforeAll(async () => {
  sdJwt = await held('a', END);
  jsonLd = await held('b', END, { format: 'ldp_vc' });
});

describe('REQ-TIM-001 the end of a held credential', () => {
  it('is what its own text says, in both formats', async () => {
    const ends = (await dateCredentials([sdJwt, jsonLd])).map(({ expiresAt }) => expiresAt);
    expect(ends).toEqual([END, END]);
  });

  it('is the first second at which it is not valid', async () => {
    const [dated] = await dateCredentials([sdJwt]);
    if (dated === undefined) throw new Error('nothing was dated');
    const before = addSeconds(END, -1);
    expect([isLive(dated, before), hasExpired(dated, before)]).toEqual([true, false]);
    expect([isLive(dated, END), hasExpired(dated, END)]).toEqual([false, true]);
  });

  it('is unknown where the text cannot be read, or is of the other format: neither valid nor expired', async () => {
    const damaged = { ...sdJwt, credential: sdJwt.credential.slice(1) };
    const odd = [damaged, { ...jsonLd, credential: '{}' }, { ...sdJwt, credential: jsonLd.credential }];
    const dated = await dateCredentials(odd);
    expect(dated.map(({ expiresAt }) => expiresAt)).toEqual([undefined, undefined, undefined]);
    expect(dated.filter((each) => isLive(each, HOUR) || hasExpired(each, END))).toEqual([]);
  });
});

describe('what a wallet keeps', () => {
  const kept = async (credentials: readonly HeldCredential[], now: Instant) =>
    withoutExpired(await dateCredentials(credentials), now);

  it('all that is valid, as it was, in its order', async () => {
    const later = await held('c', addHours(END, 1));
    expect(await kept([sdJwt, jsonLd, later], addSeconds(END, -1))).toEqual([sdJwt, jsonLd, later]);
    expect(await kept([sdJwt, jsonLd, later], END)).toEqual([later]);
  });

  it('what cannot be read', async () => {
    const unread = { ...sdJwt, credential: 'of a later version' };
    expect(await kept([unread, sdJwt], END)).toEqual([unread]);
  });

  it('that a key was shown, when the credential that it was shown with goes', async () => {
    const shown = await held('d', END, { used: true });
    const beside = await held('d', addHours(END, 1), { scheme: 'test' });
    expect(await kept([shown, beside], END)).toEqual([{ ...beside, used: true }]);
  });
});
