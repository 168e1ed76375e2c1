import type { Signer } from '@symbolon/keys/signer';
import { SAMPLE_FEDERATION, sampleDictionary } from '@symbolon/local/sample/federation';
import { sampleRegion } from '@symbolon/local/sample/regions';
import { sampleRules } from '@symbolon/local/sample/rules';
import { SAMPLE_SCHEMES } from '@symbolon/local/sample/schemes';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { startDraft } from '@symbolon/registry/ceremony/draft';
import { publish } from '@symbolon/registry/ceremony/publish';
import { createRoot } from '@symbolon/registry/ceremony/root';
import { seal } from '@symbolon/registry/ceremony/seal';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { jsonFile } from '@symbolon/registry/json-file';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { authorityOf, keysFile, seededSigner } from './federation-fixture.ts';

const REGION = 'CN-BJ';

export interface OneRegion {
  /** Signs snapshot and timestamp. */
  readonly online: Signer;
  /** Holds `CN-BJ.keys`. */
  readonly keysRole: Signer;
  /** The first epoch's. */
  readonly credential: Signer;
  readonly status: Signer;
  readonly endpoint: string;
}

/** A federation of one region, published into a store, with signers that may be anywhere. Answers the first root. */
export async function foundOneRegion(store: ObjectStore, world: OneRegion, now: Instant): Promise<Bytes> {
  const { online, keysRole, endpoint } = world;
  const admins = await Promise.all(['a', 'b'].map((name) => seededSigner(`admin ${name}`)));
  const [top, hub] = [authorityOf(admins), authorityOf([online])];
  const roles = { root: top, targets: top, snapshot: hub, timestamp: hub };
  const root = await createRoot({ roles, signers: admins, now });
  const put = new Map([
    ['federation.json', jsonFile({ ...SAMPLE_FEDERATION, groups: {} })],
    ['dictionary.json', jsonFile(sampleDictionary())],
    ...Object.values(SAMPLE_SCHEMES).map(
      (scheme) => [`schemes/${scheme.id}.json`, jsonFile(scheme)] as const,
    ),
  ]);
  const own = await seededSigner('region admin');
  const delegate = [{ region: REGION, admins: authorityOf([own]), keys: authorityOf([keysRole]) }];
  let draft = await updateRole(await startDraft(root), { role: 'targets', put, delegate }, admins, now);
  const files = new Map([
    [`regions/${REGION}/region.json`, jsonFile(sampleRegion(REGION, { endpoint }))],
    [`regions/${REGION}/rules.health.json`, jsonFile(sampleRules(REGION, 'health'))],
  ]);
  draft = await updateRole(draft, { role: REGION, put: files }, [own], now);
  const notBefore = addHours(hourFloor(now), -1);
  const first = (['credential', 'status'] as const).map((use) => ({
    signer: world[use],
    use,
    notBefore,
    notAfter: addHours(notBefore, 3 * 168),
  }));
  draft = await updateRole(draft, { role: `${REGION}.keys`, put: keysFile(REGION, first) }, [keysRole], now);
  await publish(store, await seal(draft, { snapshot: [online], timestamp: [online] }, now));
  return root;
}
