import type { IssuerApiConfig } from '@symbolon/functions/issuer-api/config';
import { Duration } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type * as z from 'zod/mini';
import { alarmOnApi } from '../constructs/api-alarms.ts';
import { BundledFunction } from '../constructs/bundled-function.ts';
import { HttpEndpoint } from '../constructs/http-endpoint.ts';
import { functionRole, type NarrowRole } from '../constructs/narrow-role.ts';
import { ProtocolKeys } from '../constructs/protocol-keys.ts';
import { logVariable, type RegionPartProps } from './region-part.ts';

export interface IssuingProps extends RegionPartProps {
  /** Who else seals and opens facts: whoever runs the rules on them. */
  readonly alsoReadsFacts: NarrowRole;
}

/**
 * Operators enrol and report, wallets fetch: the function issuer-api behind its own domain. It may read and write the region's table, open
 * issuing keys, index identifiers, and seal and open facts. It can neither open a status key nor write a status list. But it writes the flags from which
 * status-publish makes the next list: whoever takes it over can withdraw anyone's credentials, and can unsay a revocation from the next publication on.
 *
 * If it fails, people keep what they have until that ends, in hours, and get nothing new.
 */
export class Issuing extends Construct {
  readonly endpoint: HttpEndpoint;
  readonly logs: ILogGroup;
  /** The key that seals facts, as the adapters read it. */
  readonly sealing: string;

  constructor(scope: Construct, id: string, props: IssuingProps) {
    super(scope, id);
    const { region, table, keyFolder: folder } = props;
    const role = functionRole(this, 'Role', 'issuer-api');
    table.allow(role, {
      to: 'RememberSubjects',
      // No Scan: nobody is listed. Most changes are one conditional write of a whole item. UpdateItem is for what several write at once without reading first:
      // counts by hour, leased blocks, flags of an entry, generations of codes, who is held; and for a mark on what stays as it is: taken back, logged.
      actions: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
    });
    // What waits for people. The log's queue is another function's.
    table.allowQueues(role, 'SeeWhatWaits', ['BATCHES', 'PROPOSALS', 'BURSTS']);
    props.vault.letOpen(role, 'credential');
    props.decisionLog?.letRead(role);
    const blindIndex = new ProtocolKeys(this, 'BlindIndexKey', {
      kind: 'blind-index',
      names: ['blind-index'],
      folder,
      description: `Turns identifiers into blind indexes in ${region.id}`,
      usedBy: [role],
      to: 'IndexIdentifiersBlindly',
    });
    const facts = new ProtocolKeys(this, 'FactsKey', {
      kind: 'sealing',
      names: ['facts'],
      folder,
      description: `Seals facts about people of ${region.id}`,
      usedBy: [role, props.alsoReadsFacts],
      to: 'SealAndOpenFacts',
    });
    this.sealing = facts.uris;

    const { lambda, logs } = new BundledFunction(this, 'IssuerApi', {
      name: 'issuer-api',
      bundles: props.bundles,
      role,
      description: `Issuer API of ${region.id}`,
      // A batch of 32 costs processor time, which comes with memory.
      memoryMebibytes: 1024,
      // A leaf and its receipt are waited for, and a service that falls silent after that is told of.
      timeout: Duration.seconds(29),
      environment: {
        REGION: region.id,
        REGISTRY_URL: props.registryUrl,
        ROOT_SHA256: props.rootSha256,
        TABLE_NAME: table.table.tableName,
        ...props.vault.environment,
        BLIND_INDEX_URI: blindIndex.uris,
        SEALING_URI: this.sealing,
        OPERATOR_JWKS_URI: region.operators.jwksUri,
        OPERATOR_ISSUER: region.operators.issuer,
        LIST_ENTRIES: String(region.lists.entries),
        ...logVariable(props.decisionLog),
      } satisfies z.input<typeof IssuerApiConfig>,
    });
    this.logs = logs;
    this.endpoint = new HttpEndpoint(this, 'Endpoint', {
      domain: region.issuer.domain,
      certificateArn: region.issuer.certificateArn,
      description: `Symbolon issuer of ${region.id}`,
      requestsPerSecond: region.issuer.requestsPerSecond,
      serves: lambda,
      openBecause:
        'The function authorises every route itself, with the same code wherever it runs: operators by RFC 9068 access tokens with a role per route, wallets by their enrolment code and a proof of possession of each key. The one open route hands out nonces. A gateway authorizer knows tokens of one kind, and cannot see a body.',
    });

    alarmOnApi(this, {
      topic: props.alarmTopic,
      name: 'issuer-api',
      lambda,
      stage: this.endpoint.stage,
      failures: 5,
      consequence: `People of ${region.id} may get no credentials; what they have ends within hours.`,
    });
  }
}
