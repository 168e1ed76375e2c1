import { inflateSync } from 'node:zlib';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import { addHours, parseInstant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { issueStatusListToken } from '@symbolon/status/issue';
import { STATUS, STATUS_BITS } from '@symbolon/status/status-value';
import { openStatusListToken, parseStatusListToken } from '@symbolon/status/token';
import { seededSigner } from '../../support/federation-fixture.ts';
import { type RaceResult, race, type Settings } from '../measure.ts';
import { randomIndices } from './sparse-entries.ts';

const ENTRIES = LIMITS.statusListEntries;
const REVOKED = Math.round(ENTRIES / 1000);
const ISSUED = parseInstant('2026-09-07T08:00:00Z');

export interface StatusDecodeRace extends RaceResult<'ours' | 'floor'> {
  /** Of the longest token. */
  readonly bytes: number;
}

/** The largest list, one in a thousand revoked: from the text of its token to its entries. Its signature is not part of it. */
export async function raceStatusDecode(settings: Settings): Promise<StatusDecodeRace> {
  const signer = await seededSigner('status bench');
  const random = insecureRandomFromSeed('status');
  let bytes = 0;
  const freshList = async () => {
    const entries = new Uint8Array(ENTRIES);
    for (const index of randomIndices(ENTRIES, REVOKED, random)) entries[index] = STATUS.INVALID;
    const token = await issueStatusListToken({
      uri: 'https://cn-bj.symbolon.test/lists/1',
      entries,
      bits: STATUS_BITS,
      issuedAt: ISSUED,
      expiresAt: addHours(ISSUED, 24),
      ttlSeconds: 300,
      signer,
    });
    bytes = Math.max(bytes, token.length);
    return { token, compressed: decodeBase64url(parseStatusListToken(token).claims.status_list.lst) };
  };
  const result = await race(
    {
      name: 'status.decode',
      operations: 8,
      prepare: (count: number) => Promise.all(Array.from({ length: count }, freshList)),
      runners: {
        ours: async ({ token }) => (await openStatusListToken(parseStatusListToken(token))).size === ENTRIES,
        floor: ({ compressed }) => inflateSync(compressed).length === (ENTRIES * STATUS_BITS) / 8,
      },
    },
    settings,
  );
  return { ...result, bytes };
}
