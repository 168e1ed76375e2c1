import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FUNCTIONS } from '@symbolon/functions/functions';
import { Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { type Synthesised, synthesise } from './support/synthesised.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TEMPLATES = [
  'symbolon-region-CN-HB',
  'symbolon-region-CN-HB--wuhan',
  'symbolon-region-CN-HB--xiangyang',
  'symbolon-registry',
  'symbolon-verifier-gates',
  'symbolon-witness-university',
]
  .map((name) => `${name}.template.json`)
  .toSorted();

let all: Synthesised;
beforeAll(() => {
  all = synthesise();
});
afterAll(() => all.remove());

describe('cdk-nag', () => {
  it('has no finding that nobody answered for', () => {
    expect(new AwsSolutionsChecks().validateScope(all.app).violations).toEqual([]);
  });

  it('stops the synthesis at a finding', () => {
    const withOpenBucket = () =>
      synthesise((app) => {
        new Bucket(
          new Stack(app, 'careless', { env: { account: '444444444444', region: 'eu-west-1' } }),
          'B',
        );
      }).remove();
    expect(withOpenBucket).toThrow(/validation/i);
  });

  it('is answered seldom, for one place each, and at length', () => {
    const Answers = z.record(z.string(), z.string());
    const answers = all.app.node.findAll().flatMap((construct) =>
      construct.node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) => Object.entries(Answers.parse(data)))
        .map(([id, reason]) => ({ id: id.replace(/^Annotation::/, ''), reason, path: construct.node.path })),
    );
    expect(new Set(answers.map(({ id, path }) => `${id} ${path}`)).size).toBe(answers.length);
    const rules = [...new Set(answers.map(({ id }) => id.replace(/\[.*/, '')))].toSorted();
    expect(rules).toEqual([
      'AwsSolutions-APIG4',
      'AwsSolutions-CFR1',
      'AwsSolutions-CFR2',
      'AwsSolutions-CFR3',
      'AwsSolutions-DDB3',
      'AwsSolutions-IAM5',
    ]);
    for (const { path, reason, id } of answers) {
      expect(path).toContain('/');
      expect(reason.split(' ').length).toBeGreaterThan(20);
      if (id.includes('IAM5'))
        expect(id).toMatch(
          /\[Resource::<\w+\.Arn>\/(metadata|targets|lists|credential|status|(log\/)?tile|checkpoints)\/\*/,
        );
    }
  });
});

function filesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path, 'utf8')]),
  );
}

describe('synthesis', () => {
  it('gives the same files twice', () => {
    const again = synthesise();
    try {
      const [first, second] = [filesOf(all.folder), filesOf(again.folder)];
      expect(
        Object.keys(first)
          .filter((name) => name.endsWith('.template.json'))
          .toSorted(),
      ).toEqual(TEMPLATES);
      expect(second).toEqual(first);
    } finally {
      again.remove();
    }
  });

  it('the app of cdk.json deploys the bundles that run on one machine', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'symbolon-app-'));
    try {
      const { app, context } = z
        .object({ app: z.string(), context: z.record(z.string(), z.unknown()) })
        .parse(JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')));
      const [node, file] = app.split(' ');
      expect([node, file]).toEqual(['node', 'infra/app.ts']);
      await promisify(execFile)(process.execPath, [file ?? ''], {
        cwd: ROOT,
        env: {
          CDK_OUTDIR: folder,
          CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:bundling-stacks': [] }),
        },
      });
      const templates = readdirSync(folder).filter((name) => name.endsWith('.template.json'));
      expect(templates.toSorted()).toEqual(TEMPLATES);
      const bundles = readdirSync(folder).filter((name) => name.startsWith('asset.'));
      const entries = bundles.map((name) => readFileSync(join(folder, name, 'index.mjs'), 'utf8')).toSorted();
      const local = Object.keys(FUNCTIONS).map((name) =>
        readFileSync(join(ROOT, 'functions/dist', name, 'index.mjs'), 'utf8'),
      );
      expect(entries).toEqual(local.toSorted());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
