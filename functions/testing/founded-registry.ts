import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import { foundFederation } from '@symbolon/local/found-federation';
import { SAMPLE_REGIONS } from '@symbolon/local/sample/regions';
import type { Bytes } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import { publish } from '@symbolon/registry/ceremony/publish';
import { resignTimestamp } from '@symbolon/registry/ceremony/resign-timestamp';
import { type MemoryStore, memoryStore } from '@symbolon/registry/memory-store';

/** The sample registry, founded by the real ceremony with keys from seeds, for tests of functions that read one. */
export async function foundedRegistry(now: Instant): Promise<{ root: Bytes; store: MemoryStore }> {
  const key = (seed: string) => insecurePrivateKeyFromSeed('ES256', seed);
  const [beijing, guangdong, henan] = SAMPLE_REGIONS.map((region) => ({
    admins: ['a', 'b', 'c'].map((name) => key(`${region} admin ${name}`)),
    operators: {
      'operator-1': key(`${region} operator-1`),
      'operator-2': key(`${region} operator-2`),
      'operator-3': key(`${region} operator-3`),
    },
    sources: {
      lab: key(`${region} lab`),
      'contact-tracing': key(`${region} contact-tracing`),
      'transport-records': key(`${region} transport-records`),
      residents: key(`${region} residents`),
      'road-sensors': key(`${region} road-sensors`),
    },
    keysRole: key(`${region} keys`),
    credential: key(`${region} credential`),
    status: key(`${region} status`),
  }));
  if (beijing === undefined || guangdong === undefined || henan === undefined)
    throw new TypeError('three regions');
  const regions = { 'CN-BJ': beijing, 'CN-GD': guangdong, 'CN-HA': henan };
  const admins = ['a', 'b', 'c'].map((name) => key(`admin ${name}`));
  const { root, publication } = await foundFederation(
    { admins, online: key('online'), overseers: [key('overseer-1'), key('overseer-2')], regions },
    'https://hub.symbolon.test',
    now,
  );
  const store = memoryStore();
  await publish(store, publication);
  return { root, store };
}

/** What the hub does hourly: says that it is still current. */
export async function resignRegistry(store: MemoryStore, pinnedRoot: Bytes, now: Instant): Promise<void> {
  const online = [await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'online'))];
  const signers = { snapshot: online, timestamp: online };
  const read = (path: string) => store.read(path);
  await publish(store, await resignTimestamp({ read, pinnedRoot, signers, now }));
}
