import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Deployment } from './config/deployment.ts';
import type { Bundles } from './constructs/bundled-function.ts';
import { RegionStack } from './stacks/region-stack.ts';
import { RegistryStack } from './stacks/registry-stack.ts';
import { VerifierStack } from './stacks/verifier-stack.ts';

/** The stacks of a deployment. Synthesis fails on a finding of cdk-nag that nobody has answered for. */
export function defineApp(app: App, { registry, regions, verifiers }: Deployment, bundles: Bundles): void {
  const { url, publishUrl, rootSha256, host } = registry;
  if (host !== undefined) new RegistryStack(app, { url, publishUrl, rootSha256, host, bundles });
  for (const region of regions)
    new RegionStack(app, { region, registryUrl: url, publishUrl, rootSha256, bundles });
  for (const verifier of verifiers)
    new VerifierStack(app, { verifier, registryUrl: url, rootSha256, bundles });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
}
