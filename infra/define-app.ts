import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Deployment } from './config/deployment.ts';
import type { Bundles } from './constructs/bundled-function.ts';
import { RegionStack } from './stacks/region-stack.ts';
import { RegistryStack } from './stacks/registry-stack.ts';
import { VerifierStack } from './stacks/verifier-stack.ts';
import { WitnessStack } from './stacks/witness-stack.ts';

/** The stacks of a deployment. Synthesis fails on a finding of cdk-nag that nobody has answered for. */
export function defineApp(app: App, deployment: Deployment, bundles: Bundles): void {
  if (deployment.registry !== undefined) defineFederation(app, deployment, deployment.registry, bundles);
  for (const witness of deployment.witnesses) new WitnessStack(app, { witness, bundles });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
}

function defineFederation(
  app: App,
  { regions, verifiers }: Deployment,
  { url, publishUrl, rootSha256, host }: NonNullable<Deployment['registry']>,
  bundles: Bundles,
): void {
  if (host !== undefined) new RegistryStack(app, { url, publishUrl, rootSha256, host, bundles });
  const made = new Map<string, RegionStack>();
  // Those that log under another one come first: its sequencer reads their tables.
  for (const region of regions.toSorted((a, b) => b.id.length - a.id.length)) {
    const below = regions
      .filter(({ logsUnder }) => logsUnder === region.id)
      .flatMap((each) => {
        const table = made.get(each.id)?.table;
        return table === undefined ? [] : [{ region: each, table }];
      });
    const above = regions.find(({ id }) => id === region.logsUnder);
    const props = { region, registryUrl: url, publishUrl, rootSha256, bundles, below, above };
    made.set(region.id, new RegionStack(app, props));
  }
  for (const verifier of verifiers)
    new VerifierStack(app, { verifier, registryUrl: url, rootSha256, bundles });
}
