import type { RegistryPublishConfig } from '@symbolon/functions/registry-publish/config';
import { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type * as z from 'zod/mini';
import { alarmAt } from '../constructs/alarms.ts';
import { alarmOnApi } from '../constructs/api-alarms.ts';
import { BundledFunction, type Bundles } from '../constructs/bundled-function.ts';
import { HttpEndpoint } from '../constructs/http-endpoint.ts';
import { functionRole, type NarrowRole } from '../constructs/narrow-role.ts';
import type { StaticSite } from '../constructs/static-site.ts';
import type { RegistryLog } from './registry-log.ts';

/** Publications at once: each reads the whole registry, and of two on top of the same timestamp one starts again. */
const AT_ONCE = 4;

/** What registry-publish may do with the registry's files. */
export function publishingRole(scope: Construct, id: string, site: StaticSite): NarrowRole {
  const role = functionRole(scope, id, 'registry-publish');
  site.allow(role, {
    to: 'ReadAndWriteRegistryFiles',
    actions: ['s3:GetObject', 's3:PutObject'],
    files: ['metadata/*', 'targets/*', 'trust.bundle'],
    because:
      'The names of TUF files hold versions and hashes, which nobody knows beforehand. The function writes what a threshold has signed, clients accept a file by these signatures and not by its place, and the bucket keeps what was written over. Nothing can be deleted.',
  });
  site.allowToTellAbsence(role);
  return role;
}

export interface PublishingProps {
  readonly url: string;
  readonly certificateArn: string;
  readonly requestsPerSecond: number;
  readonly rootSha256: string;
  readonly bundles: Bundles;
  readonly role: NarrowRole;
  readonly site: StaticSite;
  /** The key of snapshot and timestamp, as the adapters read it. */
  readonly onlineKey: string;
  /** The variables of the registry's log. */
  readonly log: RegistryLog['environment'];
  readonly alarmTopic: ITopic;
}

/**
 * Takes signed events from anyone: the function registry-publish behind a domain of its own. It writes files and signs snapshot and timestamp over them. It
 * makes nobody trusted: every file that does is signed by its threshold, which the function checks first and every client again.
 *
 * If it fails, nothing new is published. What regions have published holds for eleven days at least, and people in the role Publisher can publish from their own machines.
 */
export class Publishing extends Construct {
  readonly endpoint: HttpEndpoint;

  constructor(scope: Construct, id: string, props: PublishingProps) {
    super(scope, id);
    const { site, role, alarmTopic: topic } = props;
    const { lambda } = new BundledFunction(this, 'RegistryPublish', {
      name: 'registry-publish',
      bundles: props.bundles,
      role,
      description: 'Publishes what a threshold has signed',
      // A whole processor: it checks every signature of the registry before it signs over them.
      memoryMebibytes: 1769,
      // API Gateway waits no longer than 30 seconds.
      timeout: Duration.seconds(29),
      concurrency: AT_ONCE,
      environment: {
        OBJECTS_URI: site.uri,
        ROOT_SHA256: props.rootSha256,
        SIGNING_KEYS: props.onlineKey,
        ...props.log,
      } satisfies z.input<typeof RegistryPublishConfig>,
    });
    this.endpoint = new HttpEndpoint(this, 'Endpoint', {
      domain: new URL(props.url).hostname,
      certificateArn: props.certificateArn,
      description: 'Symbolon registry: takes signed events',
      requestsPerSecond: props.requestsPerSecond,
      serves: lambda,
      openBecause:
        'Whoever brings what a threshold of admins or a region has signed may publish it: the signatures are the authorisation, the function checks them before anything else, and every client checks them again. Any further credential would be one more secret to lose, and would let nothing in that the signatures keep out. Calls are throttled and bounded in size and number.',
    });

    const { stage } = this.endpoint;
    alarmOnApi(this, {
      topic,
      name: 'registry-publish',
      lambda,
      stage,
      failures: 3,
      consequence:
        'New keys and changes of the registry are not published; what is published stays valid for days.',
    });
    alarmAt(this, 'Knocking', 100, {
      topic,
      metric: stage.metricClientError({ period: Duration.minutes(5), statistic: 'Sum' }),
      says: 'Someone sends registry-publish what it refuses, a hundred times in five minutes. It lets nothing in, but those who are in the right may find it busy.',
    });
  }
}
