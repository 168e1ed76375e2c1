import type { DecisionsUpkeepConfig } from '@symbolon/functions/decisions-upkeep/config';
import { Duration } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type * as z from 'zod/mini';
import { alarmAt } from '../constructs/alarms.ts';
import { countLines } from '../constructs/log-lines.ts';
import { functionRole, type NarrowRole } from '../constructs/narrow-role.ts';
import { ScheduledFunction } from '../constructs/scheduled-function.ts';
import { logVariable, type RegionPartProps } from './region-part.ts';

export interface UpkeepProps extends RegionPartProps {
  readonly role: NarrowRole;
  /** The key that seals facts, as the adapters read it. */
  readonly sealing: string;
  /** The log of the other function that decides, and so may hold. */
  readonly alsoHolds: ILogGroup;
}

/** What decisions-upkeep may do with the region's table. */
export function upkeepRole(
  scope: Construct,
  id: string,
  { table, vault }: Pick<RegionPartProps, 'table' | 'vault'>,
): NarrowRole {
  const role = functionRole(scope, id, 'decisions-upkeep');
  table.allow(
    role,
    {
      to: 'DecideAnew',
      // No DeleteItem: it takes nothing away. UpdateItem is for counts, flags, held subjects and the mark of the log, as for issuer-api.
      actions: ['GetItem', 'PutItem', 'UpdateItem', 'Query'],
      // People by their subject, never by an identifier; no code, no nonce, no list, no batch of facts (packages/aws, table.ts).
      partitions: [
        'PROFILES#*',
        'SUBJECT#*',
        'BURST#*',
        'HELD#*',
        'RELEASED#*',
        'TALLY#*',
        'JOB#*',
        'LIST#*',
      ],
    },
    // What two operators have signed, and a delay or a burst has held up: it is marked as decided.
    { to: 'CarryOutProposals', actions: ['GetItem', 'PutItem'], partitions: ['PROPOSAL#*'] },
  );
  table.allowQueues(role, 'SeeWhatWaits', ['PROPOSALS', 'BURSTS', 'PASSED', 'WITNESS#*']);
  vault.letReadCopy(role);
  return role;
}

/**
 * Decides anew what time, new rules, new lists of places and releases change, and lets bursts lapse that nobody released: the function
 * decisions-upkeep. It opens facts, as whoever runs the rules must. It cannot find a person by an identifier, opens no issuing or status key, and signs nothing.
 *
 * If it fails, decisions stay as they are until a fact about the person changes or a wallet asks; credentials of the old ones end within hours. What was held
 * stays held.
 */
export class Upkeep extends Construct {
  constructor(scope: Construct, id: string, props: UpkeepProps) {
    super(scope, id);
    const { region, table, vault, role, alarmTopic: topic } = props;
    props.decisionLog?.letRead(role);
    const upkeep = new ScheduledFunction(this, 'DecisionsUpkeep', {
      name: 'decisions-upkeep',
      bundles: props.bundles,
      role,
      description: `Keeps the decisions of ${region.id} up to date`,
      every: Duration.minutes(1),
      // Opening facts and running rules costs processor time, which comes with memory.
      memoryMebibytes: 1024,
      timeout: Duration.seconds(55),
      environment: {
        REGION: region.id,
        REGISTRY_URL: props.registryUrl,
        ROOT_SHA256: props.rootSha256,
        REGISTRY_COPY_URI: vault.environment.REGISTRY_COPY_URI,
        TABLE_NAME: table.table.tableName,
        SEALING_URI: props.sealing,
        ...logVariable(props.decisionLog),
      } satisfies z.input<typeof DecisionsUpkeepConfig>,
      alarmTopic: topic,
      consequence: `New rules and lists of places of ${region.id} reach nobody whose facts do not change, and no burst lapses.`,
    });

    // One metric for both: whoever noticed it, it is the same burst.
    const [bursts] = [upkeep.function.logs, props.alsoHolds].map((logs, i) =>
      countLines(this, `BurstsHeld${i}`, logs, {
        event: 'burst.held',
        name: 'burst-held',
        period: Duration.minutes(1),
      }),
    );
    if (bursts !== undefined)
      alarmAt(this, 'BurstHeld', 1, {
        topic,
        metric: bursts,
        says: `${region.id} turned more people adverse than the federation allows, so what comes after has no effect. POST /bursts of its issuer says by which rule or office. If the outbreak is true, two overseers of the parent region or the federation release it within 24 hours; if it is not, withdraw the rule or correct the facts: what nobody releases lapses.`,
      });
  }
}
