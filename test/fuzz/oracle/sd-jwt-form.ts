import { createHash } from 'node:crypto';
import { draftOf } from '../grammar/sd-jwt.ts';
import { jsonForm } from './json-form.ts';

/** What a text says by the letter of RFC 7515 and RFC 9901, read by other code than the one under test, which knows nothing of signatures. */
export interface SdJwtForm {
  /** Header and payload as signed. */
  readonly signed: string;
  readonly header: unknown;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly disclosures: readonly string[];
  readonly details: Readonly<Record<string, unknown>>;
  /** Header and payload of the key binding as signed. */
  readonly bound: string | undefined;
}

/** Why no reader may take it. */
export class FormFault extends Error {}

/** @throws FormFault */
export function sdJwtForm(text: string): SdJwtForm {
  const { jwt, disclosures, kb } = draftOf(text);
  const [header, payload] = token(jwt);
  if (kb !== undefined) token(kb);
  if (new Set(disclosures).size !== disclosures.length) throw new FormFault('a disclosure stands twice');
  return {
    signed: jwt.slice(0, 2).join('.'),
    header,
    payload: record(payload),
    disclosures,
    details: detailsOf(record(payload), disclosures),
    bound: kb?.slice(0, 2).join('.'),
  };
}

function token(parts: readonly string[]): readonly [unknown, unknown] {
  const [header = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3) throw new FormFault('a token has not three parts');
  if (bytes(signature).length !== 64) throw new FormFault('a signature is not of 64 bytes');
  return [json(header), json(payload)];
}

function bytes(part: string): Buffer {
  const decoded = Buffer.from(part, 'base64url');
  if (decoded.toString('base64url') !== part) throw new FormFault('base64url that is not canonical');
  return decoded;
}

function json(part: string): unknown {
  const decoded = bytes(part);
  const text = decoded.toString();
  if (!Buffer.from(text).equals(decoded)) throw new FormFault('text that is no UTF-8');
  try {
    const { value, repeatsAName, depth } = jsonForm(text);
    if (repeatsAName) throw new FormFault('a name stands twice');
    if (depth > 16) throw new FormFault('JSON too deep');
    return value;
  } catch (error) {
    if (error instanceof FormFault) throw error;
    throw new FormFault('no JSON');
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FormFault('no object');
  return Object.fromEntries(Object.entries(value));
}

/** Symbolon's: one digest in the payload, for `details`, with four digests inside, of which some are disclosed. */
function detailsOf(payload: Readonly<Record<string, unknown>>, disclosures: readonly string[]) {
  if (disclosures.length === 0) return {};
  const left = new Map(
    disclosures.map((text) => [createHash('sha256').update(text).digest('base64url'), text]),
  );
  const [outer] = revealed(payload['_sd'], left, 1);
  if (outer?.[0] !== 'details') throw new FormFault('something else than details is disclosed');
  const { _sd, ...more } = record(outer[1]);
  const inner = revealed(_sd, left, 4);
  if (Object.keys(more).length > 0 || left.size > 0) throw new FormFault('a disclosure that nothing names');
  const names = inner.map(([name]) => name);
  if (new Set(names).size !== names.length) throw new FormFault('a detail stands twice');
  if (inner.some(([, value]) => typeof value !== 'string')) throw new FormFault('a detail is no text');
  return Object.fromEntries(inner);
}

function revealed(
  digests: unknown,
  left: Map<string, string>,
  count: number,
): readonly (readonly [string, unknown])[] {
  if (!Array.isArray(digests) || digests.length !== count || new Set(digests).size !== count)
    throw new FormFault('digests of another number');
  return digests.flatMap((digest) => {
    const text = typeof digest === 'string' ? left.get(digest) : undefined;
    if (text === undefined) return [];
    left.delete(String(digest));
    const value = json(text);
    if (!Array.isArray(value) || value.length !== 3) throw new FormFault('a disclosure of another form');
    const [salt, name, shown]: unknown[] = value;
    if (typeof salt !== 'string' || typeof name !== 'string')
      throw new FormFault('a disclosure of another form');
    return [[name, shown] as const];
  });
}
