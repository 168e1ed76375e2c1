import type { StatusPublishConfig } from '@symbolon/functions/status-publish/config';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type * as z from 'zod/mini';
import { alarmAt } from '../constructs/alarms.ts';
import { countLines } from '../constructs/log-lines.ts';
import { functionRole } from '../constructs/narrow-role.ts';
import { ScheduledFunction } from '../constructs/scheduled-function.ts';
import { StaticSite } from '../constructs/static-site.ts';
import type { RegionPartProps } from './region-part.ts';

/** A living list is signed anew when half its readable time is used up: every seven days at the latest. What lay longer has ended. */
const LISTS_KEPT = Duration.days(31);

/**
 * Publishes what was revoked: the function status-publish and a site of its lists. It may read status entries, which are numbers without a
 * person, open status keys, and write lists. It can read no subject, fact or decision, and open no issuing key.
 *
 * If it fails, revocations do not show; once the lists are too old to be read, verifiers refer whom they would accept.
 */
export class StatusLists extends Construct {
  readonly site: StaticSite;

  constructor(scope: Construct, id: string, props: RegionPartProps) {
    super(scope, id);
    const { region, table, vault } = props;
    this.site = new StaticSite(this, 'Site', {
      domain: region.lists.domain,
      certificateArn: region.lists.certificateArn,
      description: `Symbolon status lists of ${region.id}`,
      changing: ['lists/*'],
      lifecycle: [{ id: 'ForgetEndedLists', prefix: 'lists/', expiration: LISTS_KEPT }],
    });
    const role = functionRole(this, 'Role', 'status-publish');
    // Subjects, facts, decisions and mints lie in other partitions (packages/aws, table.ts).
    table.allow(role, { to: 'ReadStatusEntries', actions: ['Query'], partitions: ['LISTS', 'LIST#*'] });
    this.site.allow(role, {
      to: 'ReadAndWriteLists',
      actions: ['s3:GetObject', 's3:PutObject'],
      files: ['lists/*'],
      because:
        'A list is named by the hour in which its entries end, so names are not known beforehand. All below lists/ are public status lists, and the bucket holds nothing else.',
    });
    this.site.allowToTellAbsence(role);
    vault.letOpen(role, 'status');

    const publisher = new ScheduledFunction(this, 'StatusPublish', {
      name: 'status-publish',
      bundles: props.bundles,
      role,
      description: `Publishes the status lists of ${region.id}`,
      every: Duration.minutes(5),
      memoryMebibytes: 1024,
      timeout: Duration.minutes(4),
      environment: {
        REGION: region.id,
        REGISTRY_URL: props.registryUrl,
        ROOT_SHA256: props.rootSha256,
        TABLE_NAME: table.table.tableName,
        ...vault.environment,
        OBJECTS_URI: this.site.uri,
        LIST_ENTRIES: String(region.lists.entries),
        LIST_TTL_SECONDS: String(region.lists.ttlSeconds),
        LIST_RESIGN_SECONDS: String(region.lists.resignSeconds),
        LIST_READABLE_SECONDS: String(region.lists.readableSeconds),
        LIST_AHEAD_HOURS: String(region.lists.aheadHours),
        LIST_BITSTRING: region.lists.bitstring ? 'yes' : 'no',
        LIST_COMPACT: region.lists.compact ? 'yes' : 'no',
      } satisfies z.input<typeof StatusPublishConfig>,
      alarmTopic: props.alarmTopic,
      consequence: `Revocations of ${region.id} do not show. Once its lists are too old to be read, its people are referred everywhere.`,
    });
    // issuer-api goes by the same registry and the same copy; this one runs whether or not anyone asks for anything.
    alarmAt(this, 'RegistryAbsent', 1, {
      topic: props.alarmTopic,
      metric: countLines(this, 'RegistryAbsences', publisher.function.logs, {
        event: 'registry.absent',
        name: 'registry-absent',
        period: Duration.hours(1),
      }),
      periods: 2,
      says: `The registry has been silent for two hours: ${region.id} goes on by what it knew. It stops when that is as old as the federation's blockAfterHours, and hears of no revoked key until then.`,
    });
  }
}
