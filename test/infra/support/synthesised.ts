import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FUNCTIONS } from '@symbolon/functions/functions';
import { readDeployment } from '@symbolon/infra/config/read-deployment';
import { defineApp } from '@symbolon/infra/define-app';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod/mini';

const ROOT = new URL('../../../', import.meta.url);
const EXAMPLE = new URL('infra/config/example.json', ROOT);

/** The flags that a deployment has. */
const { context: FLAGS } = z
  .object({ context: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(new URL('cdk.json', ROOT), 'utf8')));

export interface Synthesised {
  readonly app: App;
  readonly folder: string;
  readonly stacks: ReadonlyMap<string, Stack>;
  template(stack: string): Template;
  remove(): void;
}

/** The app of the example configuration, in a folder of its own. Its functions are one-line bundles: what is in them is no matter here. */
export function synthesise(extend: (app: App) => void = () => undefined): Synthesised {
  const folder = mkdtempSync(join(tmpdir(), 'symbolon-infra-'));
  const bundleOf = (name: string) => join(folder, 'bundles', name);
  for (const name of Object.keys(FUNCTIONS)) {
    mkdirSync(bundleOf(name), { recursive: true });
    writeFileSync(join(bundleOf(name), 'index.mjs'), `export const handler = () => '${name}';\n`);
  }
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // The CDK notes for every resource which lines made it. Mapping those frames takes the test runner longer than all the rest.
  const frames = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    const app = new App({
      outdir: join(folder, 'out'),
      context: { ...FLAGS, 'aws:cdk:bundling-stacks': [] },
    });
    defineApp(app, readDeployment(EXAMPLE), bundleOf);
    extend(app);
    app.synth();
    const stacks = new Map(
      app.node.children.filter((child) => child instanceof Stack).map((stack) => [stack.stackName, stack]),
    );
    const templates = new Map([...stacks].map(([name, stack]) => [name, Template.fromStack(stack)]));
    const template = (name: string) => {
      const found = templates.get(name);
      if (found === undefined) throw new Error(`there is no stack ${name}`);
      return found;
    };
    return { app, folder: join(folder, 'out'), stacks, template, remove };
  } catch (error) {
    remove();
    throw error;
  } finally {
    Error.stackTraceLimit = frames;
  }
}

/** Where a resource stands in its stack: `IssuingKeys/issuing-example-a`. */
export function placesOf(stack: Stack): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const construct of stack.node.findAll()) {
    if (!CfnResource.isCfnResource(construct)) continue;
    const place = construct.node.path.slice(stack.node.path.length + 1).replace(/\/Resource$/, '');
    places.set(stack.getLogicalId(construct), place);
  }
  return places;
}
