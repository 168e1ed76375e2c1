import { BUNDLE } from '@symbolon/functions/runtime/registry-files';
import type { VerifierApiConfig } from '@symbolon/functions/verifier-api/config';
import type { Construct } from 'constructs';
import type * as z from 'zod/mini';
import type { VerifierDeployment } from '../config/deployment.ts';
import { verifierStack } from '../config/stack-ids.ts';
import type { Bundles } from '../constructs/bundled-function.ts';
import { functionRole } from '../constructs/narrow-role.ts';
import { ReplayTable } from '../constructs/replay-table.ts';
import { TrustStore } from '../constructs/trust-store.ts';
import { PlacedStack } from './placed-stack.ts';
import { Verifying } from './verifying.ts';

export interface VerifierStackProps {
  readonly verifier: VerifierDeployment;
  readonly registryUrl: string;
  readonly rootSha256: string;
  readonly bundles: Bundles;
}

/**
 * A verifier for those who run none themselves: what was shown comes in, a verdict goes out.
 *
 * What it may touch: what it has seen of the registry, and hashes of what was shown in the last minutes. It has no key, no person and no credential; what comes in is
 * not kept.
 *
 * What breaks if it fails: whoever asks it gets no verdict. Gates that verify by themselves notice nothing.
 */
export class VerifierStack extends PlacedStack {
  constructor(scope: Construct, { verifier, registryUrl, rootSha256, bundles }: VerifierStackProps) {
    super(scope, verifierStack(verifier.id), verifier, `verifier ${verifier.id}`);
    const role = functionRole(this, 'Role', 'verifier-api');
    const store = new TrustStore(this, 'Trust');
    store.letKeep(role);
    const { bundleBucket } = verifier;
    if (bundleBucket !== undefined)
      role.may({
        to: 'ReadTheBundle',
        actions: ['s3:GetObject'],
        on: [`arn:aws:s3:::${bundleBucket}/${BUNDLE}`],
      });
    const replays = verifier.replayMemory ? new ReplayTable(this, 'Replays') : undefined;
    replays?.letClaim(role);

    const { endpoint } = new Verifying(this, 'Verifying', {
      verifier,
      bundles,
      role,
      environment: {
        BUNDLE_URI: bundleBucket === undefined ? registryUrl : `s3://${bundleBucket}`,
        ROOT_SHA256: rootSha256,
        STATE_URI: store.uri,
        REFRESH_SECONDS: String(verifier.refreshSeconds),
        ...(replays === undefined ? {} : { REPLAY_TABLE: replays.table.tableName }),
      } satisfies z.input<typeof VerifierApiConfig>,
      alarmTopic: this.alarmTopic,
    });

    this.tell({
      VerifierTarget: [endpoint.domain.regionalDomainName, `CNAME target of ${verifier.domain}`],
      VerifierEndpoint: [`https://${verifier.domain}`, 'Where verdicts are asked for'],
    });
  }
}
