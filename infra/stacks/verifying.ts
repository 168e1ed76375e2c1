import { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { VerifierDeployment } from '../config/deployment.ts';
import { alarmAt } from '../constructs/alarms.ts';
import { alarmOnApi } from '../constructs/api-alarms.ts';
import { BundledFunction, type Bundles } from '../constructs/bundled-function.ts';
import { HttpEndpoint } from '../constructs/http-endpoint.ts';
import { countLines } from '../constructs/log-lines.ts';
import type { NarrowRole } from '../constructs/narrow-role.ts';

export interface VerifyingProps {
  readonly verifier: VerifierDeployment;
  readonly bundles: Bundles;
  readonly role: NarrowRole;
  /** Exactly the variables of the function's config.ts. */
  readonly environment: Readonly<Record<string, string>>;
  readonly alarmTopic: ITopic;
}

/**
 * The function verifier-api behind a domain of its own, and what rings when it fails. While the registry is silent it goes on by what it knew, and its verdicts say how old
 * that is.
 */
export class Verifying extends Construct {
  readonly endpoint: HttpEndpoint;

  constructor(scope: Construct, id: string, props: VerifyingProps) {
    super(scope, id);
    const { verifier, alarmTopic: topic } = props;
    const { lambda, logs } = new BundledFunction(this, 'VerifierApi', {
      name: 'verifier-api',
      bundles: props.bundles,
      role: props.role,
      description: `Verifier ${verifier.id}`,
      // A whole processor: opening a bundle of hundreds of regions is what a cold start waits for.
      memoryMebibytes: 1769,
      timeout: Duration.seconds(20),
      environment: props.environment,
    });
    this.endpoint = new HttpEndpoint(this, 'Endpoint', {
      domain: verifier.domain,
      certificateArn: verifier.certificateArn,
      description: `Symbolon verifier ${verifier.id}`,
      requestsPerSecond: verifier.requestsPerSecond,
      serves: lambda,
      openBecause:
        'A verdict says nothing that its caller could not find out with the public registry and the same presentation, but for one thing: callers share the memory of what was shown. Who holds a presentation within its 90 seconds can learn whether it was accepted or referred here, and can use it up for the others; its holder then shows afresh. Nothing else is kept that a caller could change or read. A credential for each caller would make the service know who checks whom, which the protocol exists to avoid: deploy one for each operator of gates, or put it behind an authentication of its own. Calls are throttled and bounded in size.',
    });

    alarmOnApi(this, {
      topic,
      name: 'verifier-api',
      lambda,
      stage: this.endpoint.stage,
      failures: 5,
      failsWhen: 'there is no bundle that it can trust, or it fails',
      consequence: 'Who asks it gets no verdict, and must decide without one.',
    });
    alarmAt(this, 'BundleAbsent', 1, {
      topic,
      metric: countLines(this, 'Absences', logs, {
        event: 'trust.absent',
        name: 'trust-absent',
        period: Duration.hours(1),
      }),
      periods: 2,
      says: 'In each of two hours verifier-api has looked for the bundle and not found it, or found one that it refuses. It goes on by the one at hand, and its verdicts refer and then refuse as that one ages.',
    });
  }
}
