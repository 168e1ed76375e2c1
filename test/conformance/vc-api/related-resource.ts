import { decodeBase64, decodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, toHex } from '@symbolon/protocol/bytes';
import { own } from '@symbolon/protocol/own';
import type { Json } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { Refusal } from './refusal.ts';
import { listOf, oneOrMore, read, Url } from './values.ts';

/** VC Data Model 2.0, section 5.3. */
const RelatedResource = z
  .looseObject({
    id: Url,
    mediaType: z.optional(z.string()),
    digestSRI: z.optional(oneOrMore(z.string())),
    digestMultibase: z.optional(oneOrMore(z.string())),
  })
  .check(z.refine((each) => each.digestSRI !== undefined || each.digestMultibase !== undefined));
const RelatedResources = z.object({ relatedResource: z.optional(oneOrMore(RelatedResource)) });

/**
 * What is known of resources, as nothing is fetched: the SHA-256 and SHA-384 digests of each version that W3C has published there. Of the base
 * context there are two: that of July 2024, which W3C's own suite names, and that of the Recommendation.
 */
const DIGESTS: Readonly<Record<string, readonly string[]>> = {
  'https://www.w3.org/ns/credentials/v2': [
    '24a18c90e9856d526111f29376e302d970b2bd10182e33959995b0207d7043b9',
    '35239c36999d2155312091af194a1edb61634d6ad789a5e5b19f2aebdd762dd9d1dcaada40eda7ef921c6b8c0ae107a0',
    '59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734',
    '97f1eb8e5042356c805fdd61afa2c557663785e0794dcafa21e138fd38def18cb360133c221aa31d6896a6bf3e65b614',
  ],
  'https://www.w3.org/ns/credentials/examples/v2': [
    '57393fbc69d6efb9b9b5dc9cb6b9880b0944360abfe2eaf459c9e58cf2279d7c',
    'ccd35b4135824944a2d1b6f3edd6ee6be45c10dbfb0ba16f966609d58f88ef6ec7b0f387773c042cc60ef4ccfaf0cdba',
  ],
};

/** @throws Refusal also when a resource is not known: its digest cannot be compared */
export function checkRelatedResources(value: Json | undefined): void {
  const { relatedResource } = read(RelatedResources, { relatedResource: value }, 'MALFORMED_VALUE_ERROR');
  const resources = listOf(relatedResource);
  if (new Set(resources.map(({ id }) => id)).size !== resources.length) {
    throw new Refusal('MALFORMED_VALUE_ERROR', 'A related resource is listed twice');
  }
  for (const { id, digestSRI, digestMultibase } of resources) {
    const known = own(DIGESTS, id) ?? [];
    const digests = [
      ...listOf<string>(digestSRI).map(digestOfSri),
      ...listOf<string>(digestMultibase).map(digestOfMultibase),
    ];
    if (!digests.every((digest) => known.includes(digest))) {
      throw new Refusal(
        'MALFORMED_VALUE_ERROR',
        'The digest of a related resource is not that of the resource',
      );
    }
  }
}

/** Subresource Integrity, section 3.5: the algorithm and the digest in base64. */
function digestOfSri(text: string): string {
  const [, bits = '', digest = ''] = /^sha(256|384)-([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const bytes = decoded(() => decodeBase64(digest));
  return bytes.length * 8 === Number(bits) ? toHex(bytes) : '';
}

/** Multibase base64url of a multihash (VC Data Integrity 1.0, section 2.6), or, as older drafts and W3C's suite have it, of SHA-256 alone. */
function digestOfMultibase(text: string): string {
  const hex = text.startsWith('u') ? toHex(decoded(() => decodeBase64url(text.slice(1)))) : '';
  const isMultihash =
    hex.length === 68 ? hex.startsWith('1220') : hex.length === 100 && hex.startsWith('2030');
  if (isMultihash) return hex.slice(4);
  return hex.length === 64 ? hex : '';
}

function decoded(decode: () => Bytes): Uint8Array {
  try {
    return decode();
  } catch {
    return new Uint8Array();
  }
}
