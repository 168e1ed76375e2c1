import { existsSync } from 'node:fs';
import { bundleFolder, bundleFunctions } from '@symbolon/functions/bundle';
import { FUNCTIONS } from '@symbolon/functions/functions';
import { App } from 'aws-cdk-lib';
import { BUNDLING_STACKS } from 'aws-cdk-lib/cx-api';
import { readDeployment } from './config/read-deployment.ts';
import { defineApp } from './define-app.ts';

const app = new App({ autoSynth: false });
const config: unknown = app.node.tryGetContext('config');
const deployment = readDeployment(
  typeof config === 'string' ? config : new URL('config/example.json', import.meta.url),
);

// The CLI names no stack when it needs no code, as for `cdk list`. The folders must be there all the same.
const needed: unknown = app.node.tryGetContext(BUNDLING_STACKS);
const spared = Array.isArray(needed) && needed.length === 0;
const there = Object.keys(FUNCTIONS).every((name) => existsSync(bundleFolder(name)));
if (!(spared && there)) await bundleFunctions();

defineApp(app, deployment, bundleFolder);
app.synth();
