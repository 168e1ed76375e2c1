import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { createScanner } from './scanner.ts';
import { createProcessReplayMemory } from './shared-replay-memory.ts';
import { BEIJING, HOUR, key, NOW, neighbour, recognising } from './testing/plain-trust.ts';
import { CARD, mint, POLICY, type Showing, show, UNLISTED } from './testing/presentations.ts';
import { type VENUE, venueCode, venueKey, venueTrust } from './testing/venue-codes.ts';
import { openVenueCode, policyOfVenue } from './venue/index.ts';

/** Gates with a code on the wall: what is made for one of them is of no use anywhere else. */

const trust = venueTrust({
  beijing: {
    ...recognising({ from: { region: 'CN-HA' }, levels: { green: 'green' } }),
    keys: [key(neighbour, 'venue')],
  },
});

/** A gate, and what a wallet makes that scans its code. */
async function gate(changes: Partial<typeof VENUE> = {}, signer = venueKey) {
  const code = await openVenueCode(await venueCode(changes, signer), trust, NOW);
  const { audience, nonce } = code;
  return {
    scanner: createScanner(policyOfVenue(code)),
    answer: (showing: Showing = {}) => show({ claims: UNLISTED, audience, nonce, ...showing }),
  };
}

const station = await gate();
const OTHER_NONCE = 'DwAODQwLCgkIBwYFBAMCAQ';
const codes = async (scanner: typeof station.scanner, text: string, now = NOW) =>
  (await scanner.scan(text, trust, now)).findings.map(({ code }) => code);

describe('a gate with a venue code', () => {
  it('accepts the answer to it once', async () => {
    const { scanner, answer } = await gate();
    const text = await answer();
    expect(await scanner.scan(text, trust, NOW)).toMatchObject({ outcome: 'accepted', findings: [] });
    expect(await codes(scanner, text)).toEqual(['replayed']);
  });

  it('REQ-BND-009 asks whoever shows what was made for anyone to answer its code', async () => {
    expect(await codes(station.scanner, await show({ claims: UNLISTED }))).toEqual(['nonce-required']);
  });

  it('REQ-BND-005 does not accept an answer that was made a while ago, to the same code', async () => {
    const text = await station.answer({ at: addSeconds(NOW, -61) });
    expect(await codes(station.scanner, text)).toEqual(['binding-stale']);
  });

  it('REQ-ACC-001 cannot be for a purpose that the scheme does not list', async () => {
    await expect(gate({ purpose: 'employment' })).rejects.toMatchObject({ code: 'purpose-not-listed' });
  });

  it('REQ-BND-011 treats a card as its code says, not as it pleases', async () => {
    const card = await mint(CARD);
    expect(await station.scanner.scan(card, trust, NOW)).toMatchObject({ reason: 'not-accepted' });
    const { scanner } = await gate({ onBearer: 'referred' });
    expect(await scanner.scan(card, trust, NOW)).toMatchObject({ outcome: 'referred' });
  });
});

describe('relay: what one gate is shown, another does not take', () => {
  it('REQ-BND-007 another venue of the region, even under the same nonce', async () => {
    const { scanner } = await gate({ venue: 'east-gate' });
    expect(await codes(scanner, await station.answer())).toEqual(['binding-audience']);
  });

  it('REQ-BND-007 a venue of that name in another region', async () => {
    const { scanner, answer } = await gate({ iss: 'https://status.bj.example' }, neighbour);
    expect(await codes(scanner, await station.answer())).toEqual(['binding-audience']);
    expect(await codes(scanner, await answer())).toEqual([]);
  });

  it('REQ-BND-008 yesterday’s code of the same venue', async () => {
    const yesterday = await gate({ iat: addHours(HOUR, -24), nonce: OTHER_NONCE });
    expect(await codes(station.scanner, await yesterday.answer())).toEqual(['binding-nonce']);
  });

  it('REQ-KEY-003 a code that whoever holds an issuing key made', async () => {
    await expect(
      openVenueCode(
        await venueCode({ iss: 'https://status.bj.example' }, neighbour),
        venueTrust({ beijing: { ...BEIJING, keys: [key(neighbour)] } }),
        NOW,
      ),
    ).rejects.toMatchObject({ code: 'key-use' });
  });

  it('REQ-BND-007 a gate in window mode', async () => {
    expect(await codes(createScanner(POLICY), await station.answer())).toEqual(['binding-audience']);
  });

  it('REQ-BND-010 two gates of one venue that share a memory', async () => {
    const memory = createProcessReplayMemory();
    const policy = policyOfVenue(await openVenueCode(await venueCode(), trust, NOW));
    const [north, south] = [createScanner(policy, { memory }), createScanner(policy, { memory })];
    const text = await station.answer();
    expect(await codes(north, text)).toEqual([]);
    expect(await codes(south, text, addSeconds(NOW, 1))).toEqual(['replayed']);
  });
});
