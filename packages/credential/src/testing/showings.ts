import { addHours, addSeconds, instant } from '@symbolon/protocol/instant';
import fc from 'fast-check';
import { bindSdJwt } from '../codecs/sd-jwt/key-binding.ts';
import { discloseSdJwt } from '../codecs/sd-jwt/present.ts';
import { IN_PERSON_AUDIENCE, windowNonce } from '../model/in-person.ts';
import type { StatusClaims } from '../model/status-claims.ts';
import { holderSigner, ISSUER, sampleSdJwt } from './sample.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const known = (...names: string[]) => fc.oneof(name, fc.constantFrom(...names));
const seconds = fc.integer({ min: -100_000, max: 100_000 });
/** What differs from one presentation of the profile to the next, most of it drawn from anything. */
export const showings = fc.record({
  scheme: known('health', 'test'),
  major: fc.integer({ min: 1, max: 9999 }),
  level: known('green', 'red'),
  rule: fc.oneof(
    fc.constant('exposure-14d@3'),
    fc.tuple(name, fc.integer({ min: 1, max: 999_999 })).map(([id, version]) => `${id}@${version}`),
  ),
  authority: known('cdc'),
  assurance: known('low', 'high'),
  hours: fc.integer({ min: 0, max: 3_000_000 }),
  validHours: fc.integer({ min: -3, max: 800 }),
  age: fc.option(seconds),
  index: fc.option(fc.integer({ min: 0, max: 2 ** 20 - 1 })),
  list: fc.oneof(
    fc
      .stringMatching(/^[a-zA-Z0-9._-]{1,16}$/)
      .filter((id) => !/^\.+$/.test(id))
      .map((id) => `${ISSUER}/lists/${id}`),
    fc.webUrl({ validSchemes: ['https'] }),
  ),
  bearer: fc.boolean(),
  contested: fc.boolean(),
  via: fc.option(fc.constantFrom('CN-HB.wuhan', 'DE-BY')),
  reason: fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }),
  initials: fc.option(fc.string({ minLength: 1, maxLength: 6 })),
  disclose: fc.subarray(['reason', 'evidence']),
  after: seconds,
  venue: fc.option(
    fc.record({
      audience: fc.string({ maxLength: 40 }),
      nonce: fc.string({ minLength: 1, maxLength: 40 }),
    }),
  ),
});

type Showing = typeof showings extends fc.Arbitrary<infer Value> ? Value : never;

/** The presentation as text, by the code that wallets use; undefined when its times cannot be. */
export async function shownAs(showing: Showing): Promise<string | undefined> {
  const {
    hours,
    validHours,
    age,
    index,
    list,
    bearer,
    via,
    reason,
    initials,
    disclose,
    after,
    venue,
    ...rest
  } = showing;
  const issuedAt = instant(hours * 3600);
  if (issuedAt + validHours * 3600 < 0 || issuedAt - (age ?? 0) < 0 || issuedAt + after < 0) return undefined;
  const claims: StatusClaims = {
    ...rest,
    issuedAt,
    expiresAt: addHours(issuedAt, validHours),
    ...(age !== null && { sampledAt: addSeconds(issuedAt, -age) }),
    ...(index !== null && { statusEntry: { idx: index, uri: list } }),
    ...(via !== null && { via }),
    ...(!bearer && { holderKey: holderSigner.publicJwk }),
    bearer,
  };
  const details = { reason, evidence: 'laboratory', ...(initials !== null && { initials }) };
  const sdJwt = discloseSdJwt(await sampleSdJwt(claims, details), disclose);
  const now = addSeconds(issuedAt, after);
  const { audience, nonce } = venue ?? { audience: IN_PERSON_AUDIENCE, nonce: windowNonce(now) };
  return bearer ? sdJwt : bindSdJwt({ sdJwt, audience, nonce, now, holder: holderSigner });
}
