import { parseCompactJws } from '@symbolon/credential/compact-jws';
import { algorithmOf } from '@symbolon/keys/algorithms';
import { isOnCurve } from '@symbolon/keys/on-curve';
import { verifySignature } from '@symbolon/keys/signature';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { Algorithm, PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { describe, expect, it } from 'vitest';
import { type JwsVector, jwsVectors } from '../support/wycheproof.ts';

/**
 * Wycheproof's JWS (test/vectors/wycheproof) through the reader of every token of this library, and the checks that a verifier makes: the key
 * and its algorithm are those of the registry, and what the token says must agree. Of all the keys in these files only the P-256 ones can be
 * keys of a region, so every other vector is refused, whatever the file expects of a library for all algorithms.
 *
 * The payloads are words, and the payload of every token here is a JSON object. So each vector is read twice: as it is, which no vector
 * survives; and with `{}` for a payload that is canonical base64url, its signature being checked over the payload that was signed.
 */

const SIGNATURES = jwsVectors('json_web_signature_test');
const KEYS = jwsVectors('json_web_key_test');

/** Why a vector is refused, in the order in which a verifier finds out: by the reader's own code, or by one of these. */
type Answer = 'accepted' | 'no-key' | 'key-use' | Code;

/** The one key of a group as a registry would hold it: its use and algorithm stand beside the JWK, which has nothing but the point. */
function registered(keys: JwsVector['keys']): PublicJwk | Answer {
  const [key, ...more] = keys;
  if (key === undefined || more.length > 0) return 'no-key';
  const { alg, use, key_ops, kid: _, ...members } = key;
  const jwk = PublicJwk.safeParse(members);
  if (!jwk.success) return 'no-key';
  if (!isOnCurve(jwk.data)) return 'key-malformed';
  if (use === 'enc' || (Array.isArray(key_ops) && !key_ops.includes('verify'))) return 'key-use';
  // REQ-KEY-008: as the registry's reader does, region-files.ts.
  if (!Algorithm.safeParse(alg).success || alg !== algorithmOf(jwk.data).alg) return 'algorithm-mismatch';
  return jwk.data;
}

async function judged(jws: string, jwk: PublicJwk, payload: 'as it is' | 'stand-in'): Promise<Answer> {
  try {
    const token = payload === 'as it is' ? jws : standIn(jws);
    const { header, signature } = parseCompactJws(token);
    if (header['alg'] !== algorithmOf(jwk).alg) return 'algorithm-mismatch';
    const signed = utf8(jws.slice(0, jws.lastIndexOf('.')));
    return (await verifySignature(jwk, signed, signature)) ? 'accepted' : 'signature-invalid';
  } catch (error) {
    if (isSymbolonError(error)) return error.code;
    throw error;
  }
}

/** @throws SymbolonError as the reader would, for a payload that is not canonical base64url */
function standIn(jws: string): string {
  const parts = jws.split('.');
  if (!parts[1]) return jws;
  decodeBase64url(parts[1]);
  return parts.with(1, 'e30').join('.');
}

async function answered(vectors: readonly JwsVector[], payload: 'as it is' | 'stand-in') {
  const answers = new Map<JwsVector, Answer>();
  for (const vector of vectors) {
    const key = registered(vector.keys);
    answers.set(vector, typeof key === 'string' ? key : await judged(vector.jws, key, payload));
  }
  return answers;
}

function counted(answers: Iterable<Answer>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}

/** The vectors that the files call valid and that are refused here, all of them, by the algorithm of their key. */
const STRICTER = {
  'HS256: a secret that issuer and verifier share is no key of a registry': [
    1, 348, 352, 357, 358, 359, 372, 373, 376, 377,
  ],
  'RS256: RSA is no algorithm of the protocol': [33, 259, 260, 261, 262, 263, 345, 349],
  'RS384: the same': [264, 265, 266, 267],
  'RS512: the same': [268, 269, 270, 271],
  'PS256: the same': [272, 273, 274, 275, 287, 288],
  'PS384: the same': [320, 321, 322, 323, 346, 350],
  'PS512: the same': [325, 326, 327, 328],
  'ES512: P-521 is no curve of the protocol': [347, 351],
};
const STRICTER_OF_KEY_SETS = {
  'HS256, HS384, HS512: a secret is no key of a registry': [2, 13, 14, 15],
  'RS256: RSA is no algorithm of the protocol': [5],
};

const byNumber = (a: number, b: number) => a - b;

/** Vectors on which the library and the file differ. */
function differing(answers: ReadonlyMap<JwsVector, Answer>) {
  const all = [...answers];
  const ids = (those: typeof all) => those.map(([{ tcId }]) => tcId);
  return {
    refused: ids(all.filter(([{ result }, answer]) => result === 'valid' && answer !== 'accepted')),
    accepted: ids(all.filter(([{ result }, answer]) => result !== 'valid' && answer === 'accepted')),
  };
}

describe('REQ-KEY-008 Wycheproof: JWS', () => {
  it('json_web_signature: 401 vectors, the P-256 ones as expected, all others refused for their key', async () => {
    const answers = await answered(SIGNATURES, 'stand-in');
    expect(SIGNATURES).toHaveLength(401);
    expect(differing(answers)).toEqual({
      refused: Object.values(STRICTER).flat().sort(byNumber),
      accepted: [],
    });
    expect(counted(answers.values())).toEqual({
      accepted: 2,
      'no-key': 360,
      'key-use': 2,
      'jwt-malformed': 9,
      'algorithm-mismatch': 1,
      'signature-invalid': 27,
    });
  });

  it('json_web_key: 26 vectors, none of whose keys can be a key of a region for a signature', async () => {
    const answers = await answered(KEYS, 'stand-in');
    expect(KEYS).toHaveLength(26);
    expect(differing(answers)).toEqual({
      refused: Object.values(STRICTER_OF_KEY_SETS).flat().sort(byNumber),
      accepted: [],
    });
    const ofP256 = [...answers].filter(([{ keys }]) => keys.some((key) => 'crv' in key));
    expect(ofP256.map(([{ tcId, group }, answer]) => [tcId, group, answer])).toEqual([
      [19, 'wrong_algorithm', 'algorithm-mismatch'],
      [20, 'invalid_algorithm', 'algorithm-mismatch'],
      [21, 'invalid_use', 'key-use'],
      [22, 'invalid_point', 'key-malformed'],
      [23, 'wrong_curve', 'no-key'],
      [24, 'wrong_kty', 'no-key'],
    ]);
    expect(counted(answers.values())).toMatchObject({ 'no-key': 22 });
  });

  it('a JWK with use, algorithm, kid or private part in it is no key here: what it is for, the registry says', () => {
    const keys = [...SIGNATURES, ...KEYS].flatMap((vector) => vector.keys);
    expect(keys).toHaveLength(372);
    expect(keys.filter((key) => PublicJwk.safeParse(key).success)).toEqual([]);
  });

  it('no vector gets a foreign algorithm past the ES256 key, neither by its header nor by its signature', async () => {
    const es256 = SIGNATURES.filter(({ group }) => group === 'es256').map(({ keys }) => registered(keys))[0];
    if (es256 === undefined || typeof es256 === 'string') return expect.unreachable();
    const others = [...SIGNATURES, ...KEYS].filter(({ keys }) => typeof registered(keys) === 'string');
    const answers = await Promise.all(others.map(({ jws }) => judged(jws, es256, 'stand-in')));
    expect(counted(answers)).toEqual({
      'algorithm-mismatch': 332,
      'algorithm-none': 5,
      'base64url-malformed': 14,
      'jwt-malformed': 29,
      // Theirs is the very key of this group, unfit for other reasons, and that very token.
      accepted: 8,
    });
    const accepted = others.filter((_, i) => answers[i] === 'accepted').map(({ group }) => group);
    expect(new Set(accepted)).toEqual(
      new Set([
        'ec_key_for_encryption',
        'wrong_algorithm',
        'invalid_algorithm',
        'invalid_use',
        'invalid_point',
        'wrong_curve',
        'wrong_kty',
      ]),
    );
  });

  it('read as they are, none is a token: what is no JSON object is no payload', async () => {
    const es256 = SIGNATURES.filter(({ keys }) => typeof registered(keys) !== 'string');
    expect(counted((await answered(es256, 'as it is')).values())).toEqual({
      'json-malformed': 30,
      'jwt-malformed': 9,
    });
    const codes = [...SIGNATURES, ...KEYS].map(({ jws }) => codeOf(() => parseCompactJws(jws)));
    expect(counted(codes)).toEqual({
      'algorithm-none': 5,
      'base64url-malformed': 9,
      'json-malformed': 312,
      'jwt-malformed': 95,
      'utf8-malformed': 6,
    });
  });
});

function codeOf(work: () => unknown): Answer {
  try {
    work();
    return 'accepted';
  } catch (error) {
    if (isSymbolonError(error)) return error.code;
    throw error;
  }
}
