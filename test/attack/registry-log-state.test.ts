import { addSeconds } from '@symbolon/protocol/instant';
import { ClientState } from '@symbolon/registry/client-state';
import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { expectAccepted, expectReferred } from '../support/expect-verdict.ts';
import { after, gateOf, type LoggedFederation, loggedFederation } from '../support/logged-federation.ts';
import { type LogJson, RegistryLogWorld } from '../support/registry-log.ts';
import { attacker } from '../support/verifier-federation.ts';

/** Attack stories on a verifier that has seen the log of the registry before: another history is shown to it. */

let federation: LoggedFederation;
let state: ClientState;

/** The verifier has seen the log with three publications, and the anchor of the second. */
beforeEach(async () => {
  federation = await loggedFederation();
  await federation.renew(after(1));
  await federation.world.anchor(after(1));
  await federation.renew(after(2));
  ({ state } = await federation.openedAt(after(2)));
});

/** A log of the same keys and witnesses with another first leaf: what only all of them together can make. */
async function forkedAt(hours: number, anchoredWith = 2): Promise<RegistryLogWorld> {
  const fork = new RegistryLogWorld();
  fork.leaves.push(...federation.world.leaves);
  fork.leaves[0] = fork.leaves[1] ?? expect.unreachable();
  const all = fork.leaves.splice(anchoredWith);
  await fork.anchor(after(1));
  fork.leaves.push(...all);
  await fork.anchor(after(hours));
  return fork;
}

describe('REQ-LOG-007 a split view', () => {
  it('what a verifier keeps of the log is its newest anchor', () => {
    expect(state.logAnchor).toMatchObject({ origin: 'registry.example/log', size: 2, witnessedAt: after(1) });
    expect(z.decode(ClientState, z.encode(ClientState, state))).toEqual(state);
  });

  it('is refused as a whole, and the state stays', async () => {
    await federation.renew(after(3));
    const fork = await forkedAt(3);
    await expect(
      federation.openedAt(after(4), { json: await fork.json(after(4)), state }),
    ).rejects.toMatchObject({ code: 'log-fork' });
    // Whoever has not seen the other history cannot tell.
    const { trust } = await federation.openedAt(after(4), { json: await fork.json(after(4)) });
    expect(trust.registryLog).toMatchObject({ is: 'proven' });
  });

  it('is refused, too, beside an honest checkpoint, whatever proof it has and whatever else is of its size', async () => {
    await federation.renew(after(3));
    const [mine, fork] = [await federation.world.json(after(4)), await (await forkedAt(3)).json(after(4))];
    const [own, other] = [mine.anchors[0], fork.anchors[0]];
    if (own === undefined || other === undefined) throw new TypeError('no anchors');
    for (const anchors of [[other], [{ ...other, hashes: [] }], [own, other], [other, own]]) {
      const opening = { json: { ...mine, anchors }, state };
      await expect(federation.openedAt(after(4), opening)).rejects.toMatchObject({ code: 'log-fork' });
    }
  });

  it('proves nothing where the anchor that was seen stands beside it and does not lead there', async () => {
    await federation.renew(after(3));
    const [mine, fork] = [await federation.world.json(after(4)), await (await forkedAt(3)).json(after(4))];
    const spoilt = mine.anchors.map((anchor) => ({
      ...anchor,
      hashes: [...anchor.hashes, ...anchor.hashes],
    }));
    for (const json of [
      { ...fork, anchors: mine.anchors },
      { ...mine, anchors: spoilt },
    ]) {
      const opened = await federation.openedAt(after(4), { json, state });
      expect(opened.trust.registryLog).toEqual({ is: 'invalid', reason: 'inclusion-invalid' });
      await expectReferred(await federation.shownAt(after(4)), gateOf(opened, after(4)), 'registry-unlogged');
      expect(opened.state.logAnchor).toEqual(state.logAnchor);
    }
  });

  it('another root that too few witnesses signed is no fork', async () => {
    const json = await federation.world.json(after(3));
    const fork = await forkedAt(3);
    const checkpoint = await fork.checkpoint(after(1), 2, { witnesses: 1 });
    const anchors = [{ checkpoint, hashes: [] }];
    const { trust } = await federation.openedAt(after(3), { json: { ...json, anchors }, state });
    expect(trust.registryLog).toEqual({ is: 'invalid', reason: 'witnesses-too-few' });
  });

  it('is referred where the anchor that was seen is cut out', async () => {
    await federation.renew(after(3));
    const json = { ...(await (await forkedAt(3)).json(after(4))), anchors: [] };
    const opened = await federation.openedAt(after(4), { json, state });
    expect(opened.trust.registryLog).toMatchObject({ is: 'invalid' });
    await expectReferred(await federation.shownAt(after(4)), gateOf(opened, after(4)), 'registry-unlogged');
    expect(opened.state.logAnchor).toEqual(state.logAnchor);
  });

  it('nonsense in place of the anchor that was seen is no fork', async () => {
    const json = await federation.world.json(after(3));
    const anchors = json.anchors.map((anchor) => ({
      ...anchor,
      checkpoint: anchor.checkpoint.replace(/\n2\n./, (line) => (line.endsWith('A') ? '\n2\nB' : '\n2\nA')),
    }));
    const { trust } = await federation.openedAt(after(3), { json: { ...json, anchors }, state });
    expect(trust.registryLog).toEqual({ is: 'invalid', reason: 'log-signature' });
  });
});

describe('REQ-LOG-005 witnesses whose clocks are ahead', () => {
  it('count up to five minutes, and no further', async () => {
    const now = after(4);
    const openedWith = async (seconds: number) => {
      const json = await federation.world.json(addSeconds(now, seconds));
      return (await federation.openedAt(now, { json, state })).trust.registryLog;
    };
    expect(await openedWith(300)).toEqual({ is: 'proven', witnessedAt: addSeconds(now, 300) });
    expect(await openedWith(301)).toEqual({ is: 'invalid', reason: 'witnesses-too-few' });
  });
});

describe('REQ-LOG-008 what a verifier has seen of the log', () => {
  it('moves forward with each anchor', async () => {
    await federation.world.anchor(after(3));
    const opened = await federation.openedAt(after(4), { state });
    expect(opened.state.logAnchor).toMatchObject({ size: 3, witnessedAt: after(3) });
    await expectAccepted(await federation.shownAt(after(4)), gateOf(opened, after(4)));
  });

  it('does not move back, and a log that is shorter proves nothing', async () => {
    await federation.world.anchor(after(3));
    const seen = (await federation.openedAt(after(4), { state })).state;
    const json = await federation.world.json(after(5), { size: 2 });
    const opened = await federation.openedAt(after(5), { json, state: seen });
    expect(opened.trust.registryLog).toEqual({ is: 'invalid', reason: 'log-truncated' });
    expect(opened.state.logAnchor).toEqual(seen.logAnchor);
  });

  it('of longer ago than bundles carry, nothing can be said', async () => {
    const hours = 16 * 24;
    await federation.renew(after(hours));
    const json: LogJson = { ...(await federation.world.json(after(hours))), anchors: [] };
    const opened = await federation.openedAt(after(hours), { json, state });
    expect(opened.trust.registryLog).toMatchObject({ is: 'proven' });
  });

  it.each(['log-signature', 'witnesses-too-few'])(
    'an anchor that is not right (%s) is not kept',
    async (code) => {
      const bad = code === 'log-signature' ? { signer: attacker } : { witnesses: 1 };
      const json = await federation.world.json(after(3));
      const anchor = { checkpoint: await federation.world.checkpoint(after(3), 3, bad), hashes: [] };
      const opened = await federation.openedAt(after(3), {
        json: { ...json, anchors: [...json.anchors, anchor] },
        state,
      });
      expect(opened.trust.registryLog).toEqual({ is: 'invalid', reason: code });
      expect(opened.state.logAnchor).toEqual(state.logAnchor);
    },
  );

  it('state from before there was a log is read', async () => {
    const { logAnchor: _, ...before } = state;
    const opened = await federation.openedAt(after(3), { state: before });
    expect(opened.state.logAnchor).toEqual(state.logAnchor);
  });

  it('a state of another log says nothing of this one', async () => {
    const other = {
      ...state,
      logAnchor: { ...(state.logAnchor ?? expect.unreachable()), origin: 'log.example/other', size: 900 },
    };
    const opened = await federation.openedAt(after(3), { state: other });
    expect(opened.state.logAnchor).toEqual(state.logAnchor);
  });
});

describe('REQ-LOG-017 anchors', () => {
  it.each<[string, (json: LogJson) => LogJson]>([
    [
      'out of order',
      (json) => ({ ...json, anchors: [{ checkpoint: json.checkpoint, hashes: [] }, ...json.anchors] }),
    ],
    [
      'larger than the tree',
      (json) => ({
        ...json,
        anchors: [...json.anchors, { checkpoint: json.checkpoint.replace('\n3\n', '\n9\n'), hashes: [] }],
      }),
    ],
    ['that are no checkpoints', (json) => ({ ...json, anchors: [{ checkpoint: 'nothing', hashes: [] }] })],
    [
      'without the proof that this tree begins so',
      (json) => ({ ...json, anchors: json.anchors.map((anchor) => ({ ...anchor, hashes: [] })) }),
    ],
    [
      'more than a bundle may have',
      (json) => ({
        ...json,
        anchors: Array.from({ length: 17 }, () => json.anchors[0] ?? expect.unreachable()),
      }),
    ],
  ])('%s prove nothing', async (_, spoil) => {
    const now = after(4);
    const opened = await federation.openedAt(now, { json: spoil(await federation.world.json(now)) });
    await expectReferred(await federation.shownAt(now), gateOf(opened, now), 'registry-unlogged');
  });
});
