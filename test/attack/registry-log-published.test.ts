import type { Signer } from '@symbolon/keys/signer';
import { SAMPLE_FEDERATION } from '@symbolon/local/sample/federation';
import { addHours, addSeconds, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { writeBundle } from '@symbolon/registry/bundle';
import { openDraft } from '@symbolon/registry/ceremony/draft';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import type { ClientState } from '@symbolon/registry/client-state';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { jsonFile } from '@symbolon/registry/json-file';
import { type OpenedTrust, openTrust } from '@symbolon/verifier/open-trust';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeRegistryLog } from '../../functions/runtime/registry-log.ts';
import { type RegistryLogWorld, registryLogWorld } from '../../functions/testing/registry-log-world.ts';
import {
  authorityOf,
  type FederationFixture,
  keysFile,
  publishedKeys,
  publishUpdate,
  seededSigner,
} from '../support/federation-fixture.ts';
import { foundFederation, SIGNED_AT } from '../support/verifier-federation.ts';

/** The log as the hub writes it, read by verifiers: what its functions publish is what they ask for. */

const BEGIN = addHours(SIGNED_AT, 1);
const after = (hours: number): Instant => addHours(BEGIN, hours);

let fixture: FederationFixture;
let world: RegistryLogWorld;
let next: Signer;

beforeEach(async () => {
  fixture = await foundFederation();
  next = await seededSigner('CN-BJ next credential');
  world = await registryLogWorld(fixture.store, BEGIN);
  const { place, witnesses } = world;
  const put = new Map([['federation.json', jsonFile({ ...SAMPLE_FEDERATION, log: place, witnesses })]]);
  await publishUpdate(fixture, BEGIN, (draft) =>
    updateRole(draft, { role: 'targets', put }, fixture.admins, BEGIN),
  );
  await logged(BEGIN);
});

/** What the hub does after a publication, and every hour. */
async function logged(now: Instant): Promise<void> {
  world.now = addSeconds(now, 1);
  const current = async () => {
    const { base, read } = await openDraft({ read: fixture.files, pinnedRoot: fixture.pinnedRoot, now });
    if (base === undefined) throw new TypeError('nothing is published');
    return { trust: base.trust, view: base.view, read };
  };
  await writeRegistryLog(world.log, current, world.now);
}

async function opened(now: Instant, state?: ClientState): Promise<OpenedTrust> {
  const bundle = await writeBundle(await collectBundle({ read: fixture.files }));
  return openTrust({ bundle, pinnedRoot: fixture.pinnedRoot, now, ...(state && { state }) });
}

async function publishKey(at: Instant, notBefore: Instant): Promise<void> {
  const usual = publishedKeys(fixture.regions['CN-BJ'], SIGNED_AT);
  const fresh = { signer: next, use: 'credential' as const, notBefore, notAfter: addHours(notBefore, 300) };
  const put = keysFile('CN-BJ', [...usual, fresh]);
  await publishUpdate(fixture, at, (draft) =>
    updateRole(draft, { role: 'CN-BJ.keys', put }, [fixture.regions['CN-BJ'].keys], at),
  );
  await logged(at);
}

const lateKeys = ({ trust }: OpenedTrust) => trust.registry.regions['CN-BJ']?.lateKeys;

describe('REQ-LOG-017 what the hub publishes', () => {
  it('is proven, day after day, to a verifier with a past and to one without; an honest key is never late', async () => {
    let state: ClientState | undefined;
    await publishKey(after(1), addHours(hourFloor(after(1)), 97));
    for (let day = 1; day <= 20; day++) {
      const now = after(day * 24);
      await publishUpdate(fixture, now, async (draft) => draft);
      await logged(now);
      for (const seen of [undefined, state]) {
        const found = await opened(addSeconds(now, 2), seen);
        expect(found.trust.registryLog).toEqual({ is: 'proven', witnessedAt: addSeconds(now, 1) });
        expect(found.trust.registry.malformedRegions).toEqual({});
        expect(lateKeys(found)).toEqual({});
        ({ state } = found);
      }
      // Of each day the first, and of that day too.
      expect(state?.logAnchor?.witnessedAt).toBe(addSeconds(now, 1));
    }
  });

  it('REQ-KEY-012 a key without its lead is known as late, whoever looks', async () => {
    await publishKey(after(1), addHours(hourFloor(after(1)), -48));
    expect(lateKeys(await opened(after(2)))).toEqual({ [next.kid]: after(97) });
  });

  it('REQ-LOG-018 a role that was given to another key is known, and its region cannot be used', async () => {
    const { admins } = fixture.regions['CN-BJ'];
    const delegate = [{ region: 'CN-BJ', admins: authorityOf(admins, 2), keys: authorityOf([next]) }];
    const put = keysFile('CN-BJ', publishedKeys(fixture.regions['CN-BJ'], SIGNED_AT));
    await publishUpdate(fixture, after(1), async (draft) => {
      const given = await updateRole(draft, { role: 'targets', delegate }, fixture.admins, after(1));
      return updateRole(given, { role: 'CN-BJ.keys', put }, [next], after(1));
    });
    await logged(after(1));
    const { trust } = await opened(after(2));
    expect(trust.registryLog).toMatchObject({ is: 'proven' });
    expect(trust.registry.malformedRegions).toEqual({ 'CN-BJ': 'role-without-lead' });
  });

  it('while the witnesses are away it is not proven, and it is once they are back', async () => {
    for (const { name } of world.witnesses.of) world.down.add(name);
    await publishUpdate(fixture, after(1), async (draft) => draft);
    await logged(after(1));
    const { trust, state } = await opened(after(2));
    expect(trust.registryLog).toEqual({ is: 'unproven', witnessedAt: addSeconds(BEGIN, 1) });
    world.down.clear();
    await logged(after(2));
    expect((await opened(after(2), state)).trust.registryLog).toMatchObject({ is: 'proven' });
  });
});
