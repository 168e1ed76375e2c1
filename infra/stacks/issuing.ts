import type { IssuerApiConfig } from '@symbolon/functions/issuer-api/config';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type * as z from 'zod/mini';
import { alarmAt } from '../constructs/alarms.ts';
import { BundledFunction } from '../constructs/bundled-function.ts';
import { HttpEndpoint } from '../constructs/http-endpoint.ts';
import { functionRole } from '../constructs/narrow-role.ts';
import { ProtocolKeys } from '../constructs/protocol-keys.ts';
import type { RegionPartProps } from './region-part.ts';

/**
 * Operators enrol and report, wallets fetch: the function issuer-api behind its own domain. It may read and write the region's table, open
 * issuing keys, index identifiers, and seal and open facts. It can neither open a status key nor write a status list, so it cannot unsay a revocation that was
 * published.
 *
 * If it fails, people keep what they have until that ends, in hours, and get nothing new.
 */
export class Issuing extends Construct {
  readonly endpoint: HttpEndpoint;

  constructor(scope: Construct, id: string, props: RegionPartProps) {
    super(scope, id);
    const { region, table, keyFolder: folder, alarmTopic: topic } = props;
    const role = functionRole(this, 'Role', 'issuer-api');
    table.allow(role, {
      to: 'RememberSubjects',
      // No Scan: nobody is listed. No UpdateItem: a change is one conditional write of a whole item.
      actions: ['GetItem', 'PutItem', 'DeleteItem', 'Query'],
    });
    props.vault.letOpen(role, 'credential');
    const usedBy = [role];
    const blindIndex = new ProtocolKeys(this, 'BlindIndexKey', {
      kind: 'blind-index',
      names: ['blind-index'],
      folder,
      description: `Turns identifiers into blind indexes in ${region.id}`,
      usedBy,
      to: 'IndexIdentifiersBlindly',
    });
    const facts = new ProtocolKeys(this, 'FactsKey', {
      kind: 'sealing',
      names: ['facts'],
      folder,
      description: `Seals facts about people of ${region.id}`,
      usedBy,
      to: 'SealAndOpenFacts',
    });

    const { lambda } = new BundledFunction(this, 'IssuerApi', {
      name: 'issuer-api',
      bundles: props.bundles,
      role,
      description: `Issuer API of ${region.id}`,
      // A batch of 32 costs processor time, which comes with memory.
      memoryMebibytes: 1024,
      timeout: Duration.seconds(20),
      environment: {
        REGION: region.id,
        REGISTRY_URL: props.registryUrl,
        ROOT_SHA256: props.rootSha256,
        TABLE_NAME: table.table.tableName,
        ...props.vault.environment,
        BLIND_INDEX_URI: blindIndex.uris,
        SEALING_URI: facts.uris,
        OPERATOR_JWKS_URI: region.operators.jwksUri,
        OPERATOR_ISSUER: region.operators.issuer,
        LIST_ENTRIES: String(region.lists.entries),
      } satisfies z.input<typeof IssuerApiConfig>,
    });
    this.endpoint = new HttpEndpoint(this, 'Endpoint', {
      domain: region.issuer.domain,
      certificateArn: region.issuer.certificateArn,
      description: `Symbolon issuer of ${region.id}`,
      requestsPerSecond: region.issuer.requestsPerSecond,
      serves: lambda,
      openBecause:
        'The function authorises every route itself, with the same code wherever it runs: operators by RFC 9068 access tokens with a role per route, wallets by their enrolment code and a proof of possession of each key. The one open route hands out nonces. A gateway authorizer knows tokens of one kind, and cannot see a body.',
    });

    const consequence = `People of ${region.id} may get no credentials; what they have ends within hours.`;
    const period = Duration.minutes(5);
    alarmAt(this, 'Crashes', 1, {
      topic,
      metric: lambda.metricErrors({ period }),
      says: `issuer-api crashed or ran out of time. ${consequence}`,
    });
    alarmAt(this, 'Fails', 5, {
      topic,
      metric: this.endpoint.stage.metricServerError({ period, statistic: 'Sum' }),
      periods: 2,
      says: `issuer-api answers 5xx. ${consequence}`,
    });
  }
}
