import type { RegistryTimestampConfig } from '@symbolon/functions/registry-timestamp/config';
import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as z from 'zod/mini';
import type { RegistryHost } from '../config/deployment.ts';
import { REGISTRY_STACK } from '../config/stack-ids.ts';
import type { Bundles } from '../constructs/bundled-function.ts';
import { functionRole, type NarrowRole, peopleRole } from '../constructs/narrow-role.ts';
import { ProtocolKeys } from '../constructs/protocol-keys.ts';
import { ScheduledFunction } from '../constructs/scheduled-function.ts';
import { StaticSite } from '../constructs/static-site.ts';
import { PlacedStack } from './placed-stack.ts';
import { Publishing, publishingRole } from './publishing.ts';
import { REGISTRY_LOG_FOLDER, REGISTRY_LOG_HEADS, REGISTRY_LOG_KEY, RegistryLog } from './registry-log.ts';

export interface RegistryStackProps {
  readonly url: string;
  readonly publishUrl: string;
  readonly rootSha256: string;
  readonly host: RegistryHost;
  readonly bundles: Bundles;
}

/**
 * The federation's registry: static files that admins and regions sign, a function that publishes what enough of them have signed, and one that says every hour
 * that it is still current.
 *
 * What it may touch: both sign snapshot and timestamp by one key. They cannot change who is trusted: that takes the admins' threshold, whose keys are not here.
 *
 * What breaks if it fails: nothing at once. Verifiers warn when the newest timestamp is older than the federation allows, then refer, then
 * refuse. With the files gone, verifiers go on with the bundle that they have.
 */
export class RegistryStack extends PlacedStack {
  constructor(scope: Construct, { url, publishUrl, rootSha256, host, bundles }: RegistryStackProps) {
    super(scope, REGISTRY_STACK, host, 'key registry of a federation');
    const { alarmTopic } = this;

    const site = new StaticSite(this, 'Site', {
      domain: new URL(url).hostname,
      certificateArn: host.certificateArn,
      description: 'Symbolon registry: metadata, targets, trust bundle',
      changing: ['metadata/timestamp.json', 'trust.bundle', ...REGISTRY_LOG_HEADS],
    });
    const resigner = this.resigner(site);
    const publisher = this.publisher(site, host.publishers);
    const publishing = publishingRole(this, 'PublishingRole', site);
    const online = new ProtocolKeys(this, 'Keys', {
      kind: 'signing',
      names: ['online'],
      folder: 'symbolon/registry',
      description: 'Signs snapshot and timestamp of the registry, and nothing else',
      usedBy: [resigner, publisher, publishing],
      to: 'SignSnapshotAndTimestamp',
    });
    const log = new RegistryLog(this, 'Log', { site, usedBy: [resigner, publishing] });

    new ScheduledFunction(this, 'RegistryTimestamp', {
      name: 'registry-timestamp',
      bundles,
      role: resigner,
      description: 'Says hourly that the registry is current, and writes the trust bundle',
      every: Duration.hours(1),
      // A bundle of 64 MiB is held a few times over; regions that answer slowly are waited for.
      memoryMebibytes: 1024,
      timeout: Duration.minutes(5),
      environment: {
        OBJECTS_URI: site.uri,
        ROOT_SHA256: rootSha256,
        SIGNING_KEYS: online.uris,
        ...log.environment,
      } satisfies z.input<typeof RegistryTimestampConfig>,
      alarmTopic,
      consequence:
        'The registry ages: a day after the last timestamp online clients refuse it, and verifiers offline go by federation.json.',
    });

    const { endpoint } = new Publishing(this, 'Publishing', {
      ...host.publish,
      url: publishUrl,
      rootSha256,
      bundles,
      role: publishing,
      site,
      onlineKey: online.uris,
      log: log.environment,
      alarmTopic,
    });

    this.tell({
      SiteTarget: [site.distribution.distributionDomainName, `CNAME target of ${new URL(url).hostname}`],
      PublishTarget: [endpoint.domain.regionalDomainName, `CNAME target of ${new URL(publishUrl).hostname}`],
      FilesBucket: [site.bucket.bucketName, 'Where the first ceremony publishes'],
      PublisherRole: [publisher.roleArn, 'Who publishes what a ceremony has signed takes on this role'],
      LogKey: [`alias/${REGISTRY_LOG_KEY}`, 'KMS key for log.keys of federation.json'],
      LogEndpoint: [`${url}/${REGISTRY_LOG_FOLDER}`, 'log.url of federation.json'],
      OnlineKey: ['alias/symbolon/registry/online', 'KMS key for roles snapshot and timestamp of the root'],
    });
  }

  private resigner(site: StaticSite): NarrowRole {
    const role = functionRole(this, 'Resigner', 'registry-timestamp');
    site.allow(role, {
      to: 'ReadWhatIsPublished',
      actions: ['s3:GetObject'],
      files: ['metadata/*', 'targets/*', 'trust.bundle'],
      because:
        'The names of TUF files hold versions and hashes, which nobody knows beforehand. All below metadata/ and targets/ is public, and the right is to read.',
    });
    site.allow(role, {
      to: 'WriteWhatItSigns',
      actions: ['s3:PutObject'],
      files: ['metadata/timestamp.json', 'metadata/*.snapshot.json', 'trust.bundle'],
      because:
        'A snapshot is named by its version, which rises. The function signs this role and timestamp only: a root, targets or region file cannot be written, and no file deleted.',
    });
    site.allowToTellAbsence(role);
    return role;
  }

  /**
   * Puts signed files in their place, and signs snapshot and timestamp over them. It cannot make anyone trusted: every file that does needs the
   * signatures of a threshold of admins, and clients check them.
   */
  private publisher(site: StaticSite, people: readonly string[]): NarrowRole {
    const role = peopleRole(this, 'Publisher', 'Publishes what a ceremony has signed', people);
    site.allow(role, {
      to: 'ReadAndWriteRegistryFiles',
      actions: ['s3:GetObject', 's3:PutObject'],
      files: ['metadata/*', 'targets/*'],
      because:
        'The names of TUF files hold versions and hashes, which nobody knows beforehand. Clients accept a file by its threshold of offline signatures, not by its place, and the bucket keeps what was written over. Nothing can be deleted.',
    });
    site.allowToTellAbsence(role);
    return role;
  }
}
