import type { KeyEpochConfig } from '@symbolon/functions/key-epoch/config';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type * as z from 'zod/mini';
import { functionRole } from '../constructs/narrow-role.ts';
import { ProtocolKeys } from '../constructs/protocol-keys.ts';
import { ScheduledFunction } from '../constructs/scheduled-function.ts';
import type { RegionPartProps } from './region-part.ts';

/**
 * Makes the region's issuing and status keys and publishes them ahead of their use: the function key-epoch. It may make, open and delete wrapped
 * keys, and sign `keys.json`. It can read no table and write no list; what it signs is published by the registry, which checks it. It keeps the region's own
 * copy of the registry, by which the other functions go on when the registry is silent, and what it signed last: it signs no version twice.
 *
 * Whoever breaks into it can sign for the region, as with the keys themselves. The region's admins cannot be passed over, though: rules, recognition and who
 * holds this very role are signed by their threshold.
 *
 * If it fails, the present keys sign on. After eleven days at the earliest keys.json expires in the registry: then the region issues nothing new, and verifiers
 * refer its people.
 */
export class Epochs extends Construct {
  constructor(scope: Construct, id: string, props: RegionPartProps) {
    super(scope, id);
    const { region, vault } = props;
    const role = functionRole(this, 'Role', 'key-epoch');
    vault.letKeep(role);
    const keysRole = new ProtocolKeys(this, 'KeysRole', {
      kind: 'signing',
      names: ['keys-role'],
      folder: props.keyFolder,
      description: `Signs keys.json of ${region.id}, and nothing else`,
      usedBy: [role],
      to: 'SignKeysJson',
    });

    new ScheduledFunction(this, 'KeyEpoch', {
      name: 'key-epoch',
      bundles: props.bundles,
      role,
      description: `Makes and publishes the keys of ${region.id}`,
      every: Duration.hours(1),
      // It reads the trust bundle of the whole federation.
      memoryMebibytes: 1024,
      timeout: Duration.minutes(2),
      environment: {
        REGION: region.id,
        REGISTRY_URL: props.registryUrl,
        ROOT_SHA256: props.rootSha256,
        REGISTRY_PUBLISH_URL: props.publishUrl,
        KEYS_ROLE_KEY: keysRole.uris,
        ...vault.environment,
        EPOCH_HOURS: String(region.epochHours),
      } satisfies z.input<typeof KeyEpochConfig>,
      alarmTopic: props.alarmTopic,
      consequence: `The keys of ${region.id} are not renewed. After eleven days at the earliest keys.json expires, its issuer stops, and its people are referred everywhere.`,
    });
  }
}
