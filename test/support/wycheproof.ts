import { readFileSync } from 'node:fs';
import { spkiFromJwk } from '@symbolon/keys/spki';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { fromHex, toHex } from '@symbolon/protocol/bytes';
import { Ed25519Jwk, P256Jwk, type PublicJwk } from '@symbolon/protocol/schemas/jwk';
import * as z from 'zod/mini';

/** The vectors of test/vectors/wycheproof, as its README says. */

const Result = z.enum(['valid', 'invalid', 'acceptable']);
const hex = z.pipe(
  z.string(),
  z.transform((text: string) => fromHex(text)),
);
const Signature = z.object({ tcId: z.int(), comment: z.string(), msg: hex, sig: hex, result: Result });
const Jws = z.object({
  tcId: z.int(),
  comment: z.string(),
  /** Two of them are in the JSON serialisation. */
  jws: z.union([z.string(), z.record(z.string(), z.unknown())]),
  result: Result,
});
const Members = z.record(z.string(), z.unknown());

const fileOf = <G extends z.ZodMiniType>(group: G) =>
  z.object({ numberOfTests: z.int(), testGroups: z.array(group) });
const EcdsaFile = fileOf(z.object({ publicKeyDer: hex, tests: z.array(Signature) }));
const Ed25519File = fileOf(z.object({ publicKeyJwk: Members, tests: z.array(Signature) }));
const JwsFile = fileOf(
  z.object({
    comment: z.string(),
    public: z.optional(z.union([z.object({ keys: z.array(Members) }), Members])),
    tests: z.array(Jws),
  }),
);

export interface SignatureVector extends z.output<typeof Signature> {
  readonly jwk: PublicJwk;
}
export interface JwsVector {
  readonly tcId: number;
  readonly comment: string;
  readonly jws: string;
  readonly result: z.output<typeof Result>;
  readonly group: string;
  /** The public keys of the group as they stand in the file: none where the key is a secret one. */
  readonly keys: readonly z.output<typeof Members>[];
}

export function ecdsaVectors(name: string): readonly SignatureVector[] {
  return EcdsaFile.parse(read(name)).testGroups.flatMap(({ publicKeyDer, tests }) => {
    const jwk = jwkFromDer(publicKeyDer);
    return tests.map((test) => ({ ...test, jwk }));
  });
}

export function ed25519Vectors(name: string): readonly SignatureVector[] {
  return Ed25519File.parse(read(name)).testGroups.flatMap(
    ({ publicKeyJwk: { kid: _, ...members }, tests }) => {
      const jwk = Ed25519Jwk.parse(members);
      return tests.map((test) => ({ ...test, jwk }));
    },
  );
}

export function jwsVectors(name: string): readonly JwsVector[] {
  return JwsFile.parse(read(name)).testGroups.flatMap(({ comment: group, public: key, tests }) =>
    tests.map((test) => ({
      ...test,
      jws: typeof test.jws === 'string' ? test.jws : JSON.stringify(test.jws),
      group,
      keys: key === undefined ? [] : 'keys' in key && Array.isArray(key.keys) ? key.keys : [key],
    })),
  );
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../vectors/wycheproof/${name}.json`, import.meta.url), 'utf8'));
}

/** Of an uncompressed point, whatever the reader of the project under test makes of it. */
function jwkFromDer(der: Uint8Array): P256Jwk {
  const coordinate = (from: number, to?: number) => encodeBase64url(der.subarray(from, to));
  const jwk = P256Jwk.parse({ kty: 'EC', crv: 'P-256', x: coordinate(-64, -32), y: coordinate(-32) });
  if (toHex(spkiFromJwk(jwk)) !== toHex(der)) throw new Error('a key of the vectors is of another form');
  return jwk;
}
