import type { Signer } from '@symbolon/keys/signer';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { Algorithm } from '@symbolon/protocol/schemas/jwk';
import { isJsonObject, type JsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { StatusListHeader } from './claims.ts';

type ListType = StatusListHeader['typ'];

/** A list in compact serialisation (RFC 7515, section 7.1). **Nothing is verified.** */
export interface SignedList {
  readonly kid: string;
  /** As the message says. Compare it with the registered key's: the key decides (`algorithm-mismatch`). */
  readonly alg: Algorithm;
  /** The bytes that `signature` is over. */
  readonly signingInput: Bytes;
  /** Raw, 64 bytes when it is one. */
  readonly signature: Bytes;
  readonly payload: Bytes;
}

/** @throws SymbolonError `status-list-malformed` when it would be longer than `LIMITS.statusListTokenBytes` */
export async function signList(typ: ListType, payload: Uint8Array, signer: Signer): Promise<string> {
  const header = check(StatusListHeader, { alg: signer.alg, typ, kid: signer.kid }, 'status-list-malformed');
  const signingInput = `${encodeBase64url(utf8(JSON.stringify(header)))}.${encodeBase64url(payload)}`;
  const text = `${signingInput}.${encodeBase64url(await signer.sign(utf8(signingInput)))}`;
  // REQ-STA-006: no reader takes a longer one, so none is issued.
  if (text.length > LIMITS.statusListTokenBytes)
    throw new SymbolonError('status-list-malformed', { bound: LIMITS.statusListTokenBytes });
  return text;
}

/**
 * @throws SymbolonError `status-list-malformed`, `type-unexpected`, `algorithm-none`, `algorithm-mismatch` (an algorithm that no key
 *   can have)
 */
export function readSignedList(text: string, typ: ListType): SignedList {
  if (text.length > LIMITS.statusListTokenBytes)
    throw new SymbolonError('status-list-malformed', { bound: LIMITS.statusListTokenBytes });
  const [header, payload, signature, ...rest] = text.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    throw new SymbolonError('status-list-malformed');
  const { alg, kid } = readHeader(
    readPart('header', () => readObject(decodeBase64url(header))),
    typ,
  );
  return {
    kid,
    alg,
    signingInput: utf8(`${header}.${payload}`),
    payload: readPart('payload', () => decodeBase64url(payload)),
    signature: readPart('signature', () => decodeBase64url(signature)),
  };
}

/** @throws SymbolonError `status-list-malformed`, and what strict JSON throws */
export function readObject(bytes: Uint8Array): JsonObject {
  const value = parseStrictJson(fromUtf8(bytes));
  if (!isJsonObject(value)) throw new SymbolonError('status-list-malformed');
  return value;
}

/** What is wrong inside a part is told as a fault of the list, so that nobody takes it for one of the presentation. */
export function readPart<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new SymbolonError('status-list-malformed', { path, cause });
  }
}

function readHeader(header: JsonObject, typ: ListType): StatusListHeader {
  // REQ-DEC-020: a token of another kind is told apart by its exact type, before anything else in it counts.
  if (header['typ'] !== typ) throw new SymbolonError('type-unexpected');
  // REQ-KEY-007, REQ-KEY-008: also in another spelling.
  const alg = header['alg'];
  if (typeof alg !== 'string') throw new SymbolonError('status-list-malformed', { path: 'header.alg' });
  if (alg.toLowerCase() === 'none') throw new SymbolonError('algorithm-none');
  if (!z.safeParse(Algorithm, alg).success) throw new SymbolonError('algorithm-mismatch');
  return check(StatusListHeader, header, 'status-list-malformed');
}
