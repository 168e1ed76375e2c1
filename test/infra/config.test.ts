import { readFileSync } from 'node:fs';
import { parseDeployment, readDeployment } from '@symbolon/infra/config/read-deployment';
import { nameOfRegion, regionStack } from '@symbolon/infra/config/stack-ids';
import { SymbolonError } from '@symbolon/protocol/errors';
import { describe, expect, it } from 'vitest';

const EXAMPLE = new URL('../../infra/config/example.json', import.meta.url);

/** The example with some of its values replaced, by path. */
function withValues(changes: Readonly<Record<string, unknown>>): unknown {
  const copy = JSON.parse(readFileSync(EXAMPLE, 'utf8'));
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    let place = copy;
    for (const step of steps) place = place[step];
    place[last] = value;
  }
  return copy;
}

function badPaths(value: unknown): readonly string[] {
  try {
    parseDeployment(value);
  } catch (error) {
    if (error instanceof SymbolonError && error.code === 'configuration-malformed')
      return error.path?.split(', ') ?? [];
    throw error;
  }
  return [];
}

describe('configuration of a deployment', () => {
  it('the example is complete, and nobody can take it for a real one', () => {
    const text = readFileSync(EXAMPLE, 'utf8');
    expect(() => readDeployment(EXAMPLE)).not.toThrow();
    const accounts = [...text.matchAll(/[":](\d{12})[":]/g)].map(([, account]) => account);
    expect(accounts.length).toBeGreaterThan(10);
    for (const account of accounts) expect(account).toMatch(/^(\d)\1{11}$/);
    for (const [, host] of text.matchAll(/https:\/\/([^/"]+)/g)) expect(host).toMatch(/\.example$/);
    for (const [, domain] of text.matchAll(/"domain": "([^"]+)"/g)) expect(domain).toMatch(/\.example$/);
    expect(parseDeployment(JSON.parse(text)).registry?.rootSha256).toBe('0'.repeat(64));
  });

  it('REQ-ISS-015: names every bad path at once, and no value', () => {
    const secret = 'a-value-that-must-not-be-told';
    const value = withValues({
      'registry.rootSha256': secret,
      'registry.host.account': '12',
      'regions.0.lists.entries': 2 ** 20 + 1,
      'regions.0.operators.jwksUri': 'http://login.cn-hb.example/jwks.json',
      'regions.0.isuer': {},
      'regions.1.epochHours': 241,
      'regions.1.id': 'CN-HB.keys',
    });
    const paths = badPaths(value);
    expect(paths.toSorted()).toEqual([
      'regions.0.isuer',
      'regions.0.lists.entries',
      'regions.0.operators.jwksUri',
      'regions.1.epochHours',
      'regions.1.id',
      'registry.host.account',
      'registry.rootSha256',
    ]);
    expect(paths.join()).not.toContain(secret);
  });

  it.each([
    [
      'a certificate that CloudFront cannot read',
      { 'regions.0.lists.certificateArn': certificate('ap-east-1') },
      'regions.0.lists.certificateArn',
    ],
    [
      'an API certificate of another AWS region',
      { 'regions.0.issuer.certificateArn': certificate('us-east-1') },
      'regions.0.issuer.certificateArn',
    ],
    [
      'alarms that go to another AWS region',
      { 'regions.0.alarmTopicArn': 'arn:aws:sns:eu-west-1:222222222222:alarms' },
      'regions.0.alarmTopicArn',
    ],
    [
      'a topic in place of a certificate',
      { 'registry.host.certificateArn': 'arn:aws:sns:us-east-1:111111111111:x' },
      'registry.host.certificateArn',
    ],
    [
      'a hosted registry in a folder',
      { 'registry.url': 'https://registry.federation.example/r' },
      'registry.url',
    ],
    [
      'a slash at the end of the registry',
      { 'registry.url': 'https://registry.federation.example/' },
      'registry.url',
    ],
    [
      'a publishing API in a folder',
      { 'registry.publishUrl': 'https://publish.federation.example/p' },
      'registry.publishUrl',
    ],
    [
      'one address to read and to publish',
      { 'registry.publishUrl': 'https://registry.federation.example' },
      'registry.publishUrl',
    ],
    [
      'a certificate of another AWS region for the publishing API',
      { 'registry.host.publish.certificateArn': certificate('us-east-1') },
      'registry.host.publish.certificateArn',
    ],
    [
      'a topic of an AWS partition without what the sites are made of',
      { 'regions.0.alarmTopicArn': 'arn:aws-cn:sns:ap-east-1:222222222222:alarms' },
      'regions.0.alarmTopicArn',
    ],
    [
      'lists that end before they are published again',
      { 'regions.0.lists.ttlSeconds': 7200, 'regions.0.lists.readableSeconds': 10_000 },
      'regions.0.lists.readableSeconds',
    ],
    [
      'an account in which anybody publishes',
      { 'registry.host.publishers': ['arn:aws:iam::111111111111:root'] },
      'registry.host.publishers.0',
    ],
    ['one domain for two things', { 'regions.1.lists.domain': 'issuer.cn-hb.example' }, 'regions'],
    ['one region twice', { 'regions.1.id': 'CN-HB' }, 'regions'],
    [
      'a certificate of another AWS region for a verifier',
      { 'verifiers.0.certificateArn': certificate('us-east-1') },
      'verifiers.0.certificateArn',
    ],
    ['a bucket by its URL', { 'verifiers.0.bundleBucket': 's3://example' }, 'verifiers.0.bundleBucket'],
  ])('refuses %s', (_, changes, path) => {
    expect(badPaths(withValues({}))).toEqual([]);
    expect(badPaths(withValues(changes))).toEqual([path]);
  });

  it('refuses two regions whose stacks would have one name', () => {
    expect(nameOfRegion('CN-HB.wuhan')).toBe(nameOfRegion('CN-HB--wuhan'));
    expect(badPaths(withValues({ 'regions.0.id': 'CN-HB--wuhan' }))).toEqual(['regions']);
  });

  it('refuses an AWS partition without what the sites are made of', () => {
    expect(badPaths(withValues({ 'regions.0.awsRegion': 'cn-north-1' }))).toContain('regions.0.awsRegion');
  });

  it('a region joins a federation that another hosts', () => {
    const joined = parseDeployment(
      withValues({ 'registry.host': undefined, 'registry.url': 'https://far.example/r' }),
    );
    expect(joined.registry?.host).toBeUndefined();
    expect(joined.registry?.url).toBe('https://far.example/r');
  });

  it.each(['CN-HB', 'CN-HB.wuhan', 'CN-HB.wuhan.jingshan', 'DE-BY'])('%s has a stack name', (id) => {
    expect(regionStack(id)).toMatch(/^[A-Za-z][A-Za-z0-9-]{0,127}$/);
  });
});

function certificate(region: string): string {
  return `arn:aws:acm:${region}:222222222222:certificate/00000000-0000-0000-0000-00000000000f`;
}
