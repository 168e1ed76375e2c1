import type { LogSequenceConfig } from '@symbolon/functions/log-sequence/config';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type * as z from 'zod/mini';
import type { RegionDeployment } from '../config/deployment.ts';
import { alarmAt } from '../constructs/alarms.ts';
import { countLines } from '../constructs/log-lines.ts';
import { type LogSite, WITNESS_SECONDS } from '../constructs/log-site.ts';
import { LogState } from '../constructs/log-state.ts';
import { functionRole, type NarrowRole } from '../constructs/narrow-role.ts';
import { ProtocolKeys } from '../constructs/protocol-keys.ts';
import type { RegionTable } from '../constructs/region-table.ts';
import { ScheduledFunction } from '../constructs/scheduled-function.ts';
import type { RegionPartProps } from './region-part.ts';

/** Rounds go on until shortly before the next run starts. */
const RUN_SECONDS = 55;

/** A small region that logs here. */
export interface RegionBelow {
  readonly region: RegionDeployment;
  readonly table: RegionTable;
}

export interface LoggingProps extends RegionPartProps {
  readonly site: LogSite;
  readonly below: readonly RegionBelow[];
}

/**
 * Puts what the region decided into its log, has witnesses cosign it, and lets take effect what they have seen: the function log-sequence, every second. It alone has the key of the log.
 * It reads decisions and mints, and says of decisions where their leaf is, and of status entries what a worse decision makes of them. It opens no fact, and finds nobody by an
 * identifier.
 *
 * Whoever breaks into it can keep decisions out of the log, which holders notice by their receipts, and can log what nobody decided, which auditors see. It cannot change or take away
 * what witnesses have cosigned.
 *
 * If it fails, nobody gets a new credential, and no decision that is worse for someone takes effect. What was issued ends within hours.
 */
export class Logging extends Construct {
  constructor(scope: Construct, id: string, props: LoggingProps) {
    super(scope, id);
    const { region, table, vault, site, below, keyFolder: folder, alarmTopic: topic } = props;
    const role = functionRole(this, 'Role', 'log-sequence');
    letLog(role, table);
    for (const each of below) letLog(role, each.table);
    vault.letReadCopy(role);
    site.letWrite(role);
    const state = new LogState(this, 'State', {
      description: `Encrypts what the sequencer of the log of ${region.id} keeps between rounds`,
      usedBy: [role],
    });
    const key = new ProtocolKeys(this, 'LogKey', {
      kind: 'notes',
      names: ['log'],
      folder,
      description: `Signs checkpoints of the log of ${region.id}, and nothing else`,
      usedBy: [role],
      to: 'SignCheckpoints',
    });
    const tables = below.map((each) => `${each.region.id}=${each.table.table.tableName}`);
    const sequencer = new ScheduledFunction(this, 'LogSequence', {
      name: 'log-sequence',
      bundles: props.bundles,
      role,
      description: `Keeps the log of decisions of ${region.id}`,
      every: Duration.minutes(1),
      memoryMebibytes: 1024,
      // A round that waits for slow witnesses may end after the next run was due: that one starts a little later then.
      timeout: Duration.seconds(90),
      environment: {
        REGION: region.id,
        REGISTRY_URL: props.registryUrl,
        ROOT_SHA256: props.rootSha256,
        REGISTRY_COPY_URI: vault.environment.REGISTRY_COPY_URI,
        TABLE_NAME: table.table.tableName,
        ...(tables.length === 0 ? {} : { REGIONS_BELOW: tables.join(',') }),
        LOG_KEY: key.uris,
        OBJECTS_URI: site.uri,
        STATE_URI: state.uri,
        ROUND_SECONDS: '1',
        WITNESS_SECONDS,
        RUN_SECONDS: String(RUN_SECONDS),
      } satisfies z.input<typeof LogSequenceConfig>,
      alarmTopic: topic,
      consequence: `Nobody in ${region.id} gets a new credential, and no worse decision takes effect; what was issued ends within hours.`,
    });

    const { logs } = sequencer.function;
    alarmAt(this, 'Damaged', 1, {
      topic,
      metric: countLines(this, 'Damages', logs, {
        event: 'log.damaged',
        name: 'log-damaged',
        period: Duration.minutes(1),
      }),
      says: `The log of ${region.id} is not what was signed, or witnesses have seen another tree of it, so no round goes on from there. Stop the schedule. If a copy was put back, put the newest versions of both buckets back; never an older state of the sequencer, which makes a fork (docs/runbooks/log-alarms.md).`,
    });
    alarmAt(this, 'WitnessesTooFew', 4, {
      topic,
      // A line a run, so about five in each: for a quarter of an hour hardly a run was without.
      metric: countLines(this, 'TooFew', logs, {
        event: 'log.witnesses-too-few',
        name: 'log-witnesses-too-few',
        period: Duration.minutes(5),
      }),
      periods: 3,
      says: `For a quarter of an hour fewer witnesses than the federation asks for have seen the log of ${region.id}. Decisions that are worse for someone wait; all others go on. The lines log.witness-silent name those to call.`,
    });
  }
}

function letLog(role: NarrowRole, table: RegionTable): void {
  table.allow(
    role,
    {
      to: 'ReadWhatWasDecided',
      actions: ['GetItem', 'Query'],
      // Decisions and mints lie with their subject; a profile says into whom someone was merged (packages/aws, table.ts).
      partitions: ['PROFILES#*', 'SUBJECT#*', 'BURST#*', 'LIST#*'],
    },
    {
      to: 'SayWhatIsLogged',
      // Marks on decisions and bursts, flags of status entries.
      actions: ['UpdateItem'],
      partitions: ['SUBJECT#*', 'BURST#*', 'LIST#*'],
    },
  );
  table.allowQueues(role, 'SeeWhatWaits', ['LOG#*', 'WITNESS#*', 'BURSTS', 'BURST-LEAVES']);
}
