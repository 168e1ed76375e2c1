import type { StatusClaims } from '@symbolon/credential/model';
import { addHours, addSeconds, HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { StatusListOrder } from '@symbolon/status/issue';
import type { Trust } from '@symbolon/verifier/trust';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccepted,
  expectNotAccepted,
  expectNotAuthentic,
  expectReferred,
  type Gate,
} from '../support/expect-verdict.ts';
import type { FederationFixture } from '../support/federation-fixture.ts';
import {
  attacker,
  bundleOf,
  foundFederation,
  GATE,
  ISSUED,
  LIST,
  listToken,
  NOW,
  openedFrom,
  SIGNED_AT,
  TEST_GATE,
} from '../support/verifier-federation.ts';
import { CLAIMS, show, TESTED, UNLISTED } from '../support/verifier-showings.ts';

/** Attack stories (style, 22) on times and on status lists. A dishonest or broken issuer takes part in some: it signs what it must not. */

let fixture: FederationFixture;
let trust: Trust;
let gate: Gate;

beforeAll(async () => {
  fixture = await foundFederation();
  ({ trust } = await openedFrom(fixture));
  gate = { trust, policy: GATE, now: NOW };
});

const shown = (claims: StatusClaims = CLAIMS, at: Instant = NOW) => show(fixture, { claims, at });
const at = (now: Instant): Gate => ({ ...gate, now });

describe('the life of a credential', () => {
  it('REQ-TIM-001 ends with its last second', async () => {
    const end = addHours(ISSUED, 6);
    await expectAccepted(await shown(UNLISTED, addSeconds(end, -1)), at(addSeconds(end, -1)));
    await expectNotAccepted(await shown(UNLISTED, end), at(end), 'expired');
  });

  it('REQ-TIM-002 begins with its hour, less the tolerance for clocks', async () => {
    const later = { ...UNLISTED, issuedAt: addHours(ISSUED, 2), expiresAt: addHours(ISSUED, 8) };
    const early = addSeconds(later.issuedAt, -30);
    await expectAccepted(await shown(later, early), at(early));
    const tooEarly = addSeconds(early, -1);
    await expectNotAccepted(await shown(later, tooEarly), at(tooEarly), 'not-yet-valid');
  });

  it.each<[string, string, Partial<StatusClaims>]>([
    ['REQ-TIM-003 longer than the scheme allows', 'validity-too-long', { expiresAt: addHours(ISSUED, 25) }],
    ['REQ-TIM-003 no time at all', 'validity-too-long', { expiresAt: ISSUED }],
    ['REQ-TIM-004 begun within the hour', 'time-not-hourly', { issuedAt: addSeconds(ISSUED, 1) }],
    ['REQ-TIM-004 ends within the hour', 'time-not-hourly', { expiresAt: addSeconds(ISSUED, 3601) }],
  ])('%s', async (_, code, claims) => {
    await expectAccepted(await shown(), gate);
    await expectNotAuthentic(await shown({ ...CLAIMS, ...claims }), gate, code);
  });

  it('REQ-TIM-006 a sample of the future, or of a marked minute', async () => {
    const gateForTests = { ...gate, policy: TEST_GATE };
    await expectAccepted(await shown({ ...TESTED, sampledAt: ISSUED }), gateForTests);
    for (const sampledAt of [addHours(ISSUED, 1), addSeconds(ISSUED, -1)]) {
      await expectNotAuthentic(await shown({ ...TESTED, sampledAt }), gateForTests, 'sample-time');
    }
  });
});

describe('REQ-TIM-005 the clock of the gate', () => {
  it('set back makes an expired credential look valid, and is noticed by what was seen signed', async () => {
    const before = addSeconds(SIGNED_AT, -31);
    const old = { ...UNLISTED, issuedAt: addHours(ISSUED, -6), expiresAt: addHours(ISSUED, 1) };
    await expectNotAccepted(await shown({ ...old, expiresAt: ISSUED }), gate, 'expired');
    await expectReferred(await shown(UNLISTED, before), at(before), 'clock');
    await expectAccepted(await shown(UNLISTED, addSeconds(before, 1)), at(addSeconds(before, 1)));
  });

  it('is held against the newest time ever seen, also one of an earlier bundle', async () => {
    const { state } = await openedFrom(fixture);
    const ahead = addHours(NOW, 1);
    await expectReferred(await shown(), { ...gate, trust: { ...trust, newestSignedAt: ahead } }, 'clock');
    await expect(openedFrom(fixture, { state: { ...state, newestSignedAt: ahead } })).rejects.toMatchObject({
      code: 'bundle-rollback',
    });
  });
});

describe('what the entry says', () => {
  const entry = (idx: number): StatusClaims => ({ ...CLAIMS, statusEntry: { idx, uri: LIST } });

  it.each<[string, number, string]>([
    ['REQ-STA-001 revoked', 1, 'status-revoked'],
    ['REQ-STA-002 suspended', 2, 'status-suspended'],
    ['REQ-STA-007 outside the list', 4, 'status-index'],
    ['REQ-STA-007 far outside', 2 ** 20 - 1, 'status-index'],
  ])('%s', async (_, idx, code) => {
    await expectAccepted(await shown(entry(0)), gate);
    await expectNotAccepted(await shown(entry(idx)), gate, code);
  });

  it.each<[Policy['onContested'], typeof expectAccepted | typeof expectReferred]>([
    ['accepted', expectAccepted],
    ['referred', expectReferred],
    ['refused', expectNotAccepted],
  ])('REQ-STA-003 contested, where the policy says %s', async (onContested, expected) => {
    const here = { ...gate, policy: { ...GATE, onContested } };
    await expected(await shown(entry(3)), here, 'status-contested');
    await expected(await shown({ ...UNLISTED, contested: true }), here, 'status-contested');
  });

  it('REQ-STA-006 a value of nobody’s is not valid', async () => {
    const list = { bits: 4 as const, entries: Uint8Array.of(0, 1, 12) };
    const { trust: four } = await openedFrom(fixture, {
      bundle: await bundleOf(fixture, await listToken(fixture, list)),
    });
    await expectAccepted(await shown(entry(0)), { ...gate, trust: four });
    await expectNotAccepted(await shown(entry(1)), { ...gate, trust: four }, 'status-revoked');
    await expectReferred(await shown(entry(2)), { ...gate, trust: four }, 'status-list-malformed');
  });
});

describe('which list', () => {
  const opened = async (order: Partial<StatusListOrder>, now = NOW): Promise<Gate> => {
    const bundle = await bundleOf(fixture, await listToken(fixture, order));
    return { ...gate, trust: (await openedFrom(fixture, { bundle })).trust, now };
  };

  it('REQ-STA-004 one that is held back: the status is unknown', async () => {
    await expectAccepted(await shown(), gate);
    const statusEntry = { idx: 0, uri: `${LIST}-1` };
    await expectReferred(await shown({ ...CLAIMS, statusEntry }), gate, 'status-list-missing');
  });

  it('REQ-STA-005 one that is past its end is not read, though it was opened before', async () => {
    const expiresAt = addHours(NOW, 1);
    const revoking = { expiresAt, entries: Uint8Array.of(1) };
    await expectAccepted(await shown(), await opened({ expiresAt }));
    await expectNotAccepted(await shown(), await opened(revoking), 'status-revoked');
    await expectReferred(
      await shown(CLAIMS, expiresAt),
      await opened(revoking, expiresAt),
      'status-list-expired',
    );
  });

  it('REQ-STA-006 one of another region, in place of this one', async () => {
    const { status } = fixture.regions['CN-GD'];
    await expectAccepted(await shown(), await opened({}));
    await expectReferred(await shown(), await opened({ signer: status }), 'key-unknown');
    const theirs = LIST.replace('cn-bj', 'cn-gd');
    await expectReferred(await shown(), await opened({ signer: status, uri: theirs }), 'key-unknown');
  });

  it('REQ-STA-006 one of another region, named by the credential', async () => {
    const uri = LIST.replace('cn-bj', 'cn-gd');
    await expectNotAccepted(
      await shown({ ...CLAIMS, statusEntry: { idx: 0, uri } }),
      gate,
      'status-list-malformed',
    );
  });

  it.each<[string, string, () => Partial<StatusListOrder>]>([
    ['REQ-STA-006 another list of the same region', 'status-list-malformed', () => ({ uri: `${LIST}-1` })],
    ['REQ-KEY-003 by the issuing key', 'key-use', () => ({ signer: fixture.regions['CN-BJ'].credential })],
    ['REQ-KEY-002 by the attacker', 'key-unknown', () => ({ signer: attacker })],
    [
      'REQ-SIG-001 by the attacker under the region’s kid',
      'signature-invalid',
      () => ({ signer: { ...attacker, kid: fixture.regions['CN-BJ'].status.kid } }),
    ],
    [
      'REQ-KEY-004 dated back to before its key',
      'key-not-valid-then',
      () => ({ issuedAt: addHours(ISSUED, -100) }),
    ],
    ['REQ-TIM-005 of the future', 'clock', () => ({ issuedAt: addSeconds(NOW, 31) })],
  ])('%s', async (_, code, order) => {
    await expectAccepted(await shown(), await opened({}));
    await expectReferred(await shown(), await opened(order()), code);
  });

  it('REQ-STA-009 one from before the revocation, in a bundle that is new', async () => {
    const before = await bundleOf(fixture, await listToken(fixture));
    const revoking = { issuedAt: addSeconds(SIGNED_AT, 60), entries: Uint8Array.of(1) };
    const after = await bundleOf(fixture, await listToken(fixture, revoking));
    const first = await openedFrom(fixture, { bundle: before });
    await expectAccepted(await shown(), { ...gate, trust: first.trust });
    const second = await openedFrom(fixture, { bundle: after, state: first.state });
    await expectNotAccepted(await shown(), { ...gate, trust: second.trust }, 'status-revoked');
    const third = await openedFrom(fixture, { bundle: before, state: second.state });
    await expectReferred(await shown(), { ...gate, trust: third.trust }, 'status-list-rollback');
    // What was refused is not what is remembered.
    expect(third.state.listIssuedAt).toEqual({ [LIST]: revoking.issuedAt });
    const fourth = await openedFrom(fixture, { bundle: after, state: third.state });
    await expectNotAccepted(await shown(), { ...gate, trust: fourth.trust }, 'status-revoked');
  });

  it('REQ-STA-009 the mark outlives bundles that do not carry the list', async () => {
    const first = await openedFrom(fixture, { bundle: await bundleOf(fixture) });
    const elsewhere = await bundleOf(fixture, 'no token');
    const second = await openedFrom(fixture, { bundle: elsewhere, state: first.state });
    await expectReferred(await shown(), { ...gate, trust: second.trust }, 'status-list-malformed');
    expect(second.state.listIssuedAt).toEqual({ [LIST]: SIGNED_AT });
  });

  it('REQ-STA-009 a mark is dropped when no living credential can need it any more', async () => {
    const { state } = await openedFrom(fixture);
    const day = 24 * HOUR_SECONDS;
    const listIssuedAt = {
      'https://cn-ha.symbolon.test/lists/1': addSeconds(SIGNED_AT, -40 * day),
      'https://cn-ha.symbolon.test/lists/2': addSeconds(SIGNED_AT, -40 * day + 1),
    };
    // By signed time: a clock that ran ahead for a day forgets nothing.
    const next = await openedFrom(fixture, {
      state: { ...state, listIssuedAt },
      now: addSeconds(NOW, 60 * day),
    });
    const marks = ['https://cn-ha.symbolon.test/lists/2', LIST];
    expect(Object.keys(next.state.listIssuedAt).toSorted()).toEqual(marks.toSorted());
  });

  it('an old list that a mirror goes on serving beside a fresh registry is graded by its own age', async () => {
    const aged = (hours: number, seconds = 0) => {
      const issuedAt = addSeconds(NOW, -hours * HOUR_SECONDS - seconds);
      const list = trust.lists.get(LIST);
      if (list === undefined) throw new TypeError('no list');
      return { ...gate, trust: { ...trust, lists: new Map([[LIST, { ...list, issuedAt }]]) } };
    };
    const text = await shown();
    await expectAccepted(text, aged(26, -1));
    await expectAccepted(text, aged(26), 'stale-warn');
    await expectAccepted(text, aged(96, -1), 'stale-warn');
    await expectReferred(text, aged(96), 'stale-refer');
    await expectReferred(text, aged(240, -1), 'stale-refer');
    await expectNotAccepted(text, aged(240), 'stale-block');
  });
});

describe('REQ-STA-008 no list at all', () => {
  it('left out by the issuer, of a credential that lives for a day', async () => {
    const { statusEntry: _, ...unlisted } = CLAIMS;
    await expectAccepted(await shown({ ...unlisted, expiresAt: addHours(ISSUED, 6) }), gate);
    await expectNotAccepted(
      await shown({ ...unlisted, expiresAt: addHours(ISSUED, 7) }),
      gate,
      'status-required',
    );
    await expectNotAccepted(await shown(unlisted), gate, 'status-required');
  });
});
