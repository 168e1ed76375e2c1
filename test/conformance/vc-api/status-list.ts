import { addHours, formatInstant, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import { encodeBitstring } from '@symbolon/status/bitstring';
import { CREDENTIALS_V2 } from './contexts.ts';
import type { Issuer } from './issuers.ts';
import { Refusal } from './refusal.ts';
import { ENTRY_TYPE } from './status-entry.ts';

export const LIST_PURPOSE = 'revocation';
const TTL_SECONDS = 300;

/** The one list of an issuer, in memory: gone when the server stops. */
export interface StatusList {
  readonly url: string;
  /** A `credentialStatus` at an index that no other credential has. @throws Refusal when the list is full */
  allocate(): JsonObject;
  /** @throws Refusal when no credential has this index */
  revoke(index: number): void;
  /** The list as it is now, signed (Bitstring Status List 1.0, section 2.2). */
  credential(now: Instant): Promise<JsonObject>;
}

/** @param drawIndex a number below its parameter, that nobody can guess */
export function createStatusList(
  url: string,
  issuer: Issuer,
  drawIndex: (below: number) => number,
): StatusList {
  const bits = new Uint8Array(LIMITS.bitstringEntries);
  const taken = new Set<number>();
  return {
    url,
    allocate: () => {
      // Half of it stays free, so that drawing ends soon.
      if (taken.size * 2 >= bits.length) throw new Refusal('RANGE_ERROR', 'The status list is full');
      let index = drawIndex(bits.length);
      while (taken.has(index)) index = drawIndex(bits.length);
      taken.add(index);
      return {
        id: `${url}#${index}`,
        type: ENTRY_TYPE,
        statusPurpose: LIST_PURPOSE,
        statusListIndex: String(index),
        statusListCredential: url,
      };
    },
    revoke: (index) => {
      if (!taken.has(index)) throw new Refusal('RANGE_ERROR', 'No credential has this index');
      bits[index] = 1;
    },
    credential: async (now) =>
      issuer.issue(
        {
          '@context': [CREDENTIALS_V2],
          id: url,
          type: ['VerifiableCredential', 'BitstringStatusListCredential'],
          issuer: issuer.did,
          validFrom: formatInstant(now),
          validUntil: formatInstant(addHours(now, 1)),
          credentialSubject: {
            id: `${url}#list`,
            type: 'BitstringStatusList',
            statusPurpose: LIST_PURPOSE,
            encodedList: await encodeBitstring(bits),
            ttl: TTL_SECONDS * 1000,
          },
        },
        now,
      ),
  };
}
