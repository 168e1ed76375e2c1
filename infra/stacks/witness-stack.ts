import type { WitnessConfig } from '@symbolon/functions/witness/config';
import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as z from 'zod/mini';
import type { WitnessDeployment } from '../config/deployment.ts';
import { witnessStack } from '../config/stack-ids.ts';
import { alarmOnApi } from '../constructs/api-alarms.ts';
import { BundledFunction, type Bundles } from '../constructs/bundled-function.ts';
import { HttpEndpoint } from '../constructs/http-endpoint.ts';
import { functionRole } from '../constructs/narrow-role.ts';
import { ProtocolKeys } from '../constructs/protocol-keys.ts';
import { WitnessMemory } from '../constructs/witness-memory.ts';
import { PlacedStack } from './placed-stack.ts';

export interface WitnessStackProps {
  readonly witness: WitnessDeployment;
  readonly bundles: Bundles;
}

/**
 * A witness of logs: it cosigns a checkpoint that follows from all that it has cosigned of that log before. Whoever is independent of the regions and the registry can run one, with
 * this stack alone: it knows no registry, and believes nobody but the keys of the logs that it was given.
 *
 * What it may touch: the newest checkpoint of each log, and its own key. It sees no leaf.
 *
 * What breaks if it fails: nothing while the federation's other witnesses are as many as it asks for. Beyond that, decisions that are worse for someone wait.
 */
export class WitnessStack extends PlacedStack {
  constructor(scope: Construct, { witness, bundles }: WitnessStackProps) {
    super(scope, witnessStack(witness.id), witness, `witness ${witness.name}`);
    const role = functionRole(this, 'Role', 'witness');
    const memory = new WitnessMemory(this, 'Memory');
    memory.letKeep(role);
    const folder = `symbolon/witness/${witness.id}`;
    const key = new ProtocolKeys(this, 'Key', {
      kind: 'notes',
      names: ['cosigning'],
      folder,
      description: `Cosigns checkpoints of logs as ${witness.name}, and nothing else`,
      usedBy: [role],
      to: 'CosignCheckpoints',
    });
    const { lambda } = new BundledFunction(this, 'Witness', {
      name: 'witness',
      bundles,
      role,
      description: `Witness ${witness.name}`,
      memoryMebibytes: 512,
      // A log waits for three seconds; a witness waits longer for its own memory, to say that it has none.
      timeout: Duration.seconds(29),
      environment: {
        WITNESS_NAME: witness.name,
        WITNESS_KEY: key.uris,
        LOGS_URI: memory.logsUri,
        STATE_URI: memory.stateUri,
      } satisfies z.input<typeof WitnessConfig>,
    });
    const endpoint = new HttpEndpoint(this, 'Endpoint', {
      domain: witness.domain,
      certificateArn: witness.certificateArn,
      description: `Symbolon witness ${witness.name}`,
      requestsPerSecond: witness.requestsPerSecond,
      serves: lambda,
      openBecause:
        'A checkpoint carries the signature of its log, which the function checks before anything else: nothing else lets a caller in. What it serves is public. Calls are throttled and bounded in size.',
    });

    alarmOnApi(this, {
      topic: this.alarmTopic,
      name: 'witness',
      lambda,
      stage: endpoint.stage,
      failures: 5,
      failsWhen: 'its memory, its key or logs.txt cannot be read',
      consequence: 'Its federations have one witness less; when too few are left, worse decisions wait.',
    });

    this.tell({
      WitnessTarget: [endpoint.domain.regionalDomainName, `CNAME target of ${witness.domain}`],
      WitnessEndpoint: [`https://${witness.domain}`, '`url` of the witness in federation.json'],
      WitnessKey: [`alias/${folder}/cosigning`, 'KMS key whose public half federations list'],
      LogsFile: [memory.logsUri, 'The keys of the logs that it cosigns, one a line: put it there'],
    });
  }
}
