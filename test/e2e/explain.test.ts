import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { sampleIssuer } from '@symbolon/local/sample/regions';
import { addHours, addSeconds, formatInstant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { STEPS } from '@symbolon/protocol/schemas/verdict';
import type { Trust } from '@symbolon/verifier/trust';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, temporaryFolder } from '../support/cli.ts';
import type { FederationFixture } from '../support/federation-fixture.ts';
import {
  attacker,
  bundleOf,
  foundFederation,
  GATE,
  ISSUED,
  LIST,
  listToken,
  NOW,
  openedFrom,
} from '../support/verifier-federation.ts';
import { CARD, CLAIMS, mint, show, TESTED } from '../support/verifier-showings.ts';

let home: Awaited<ReturnType<typeof temporaryFolder>>;
let fixture: FederationFixture;
let trust: Trust;

const file = (name: string) => join(home.path, name);

beforeAll(async () => {
  home = await temporaryFolder();
  fixture = await foundFederation();
  ({ trust } = await openedFrom(fixture));
  await writeFile(file('trust.bundle'), await bundleOf(fixture));
  await writeFile(file('root.json'), fixture.pinnedRoot);
  const accept = 'health.level == "green" && health.age < duration("24h")';
  await writeFile(file('gate.json'), JSON.stringify({ ...GATE, accept }));
  await writeFile(file('shown.txt'), await show(fixture));
});
afterAll(() => home.remove());

interface Step {
  readonly step: string;
  readonly outcome: string;
  readonly facts: readonly string[];
  readonly findings: readonly { readonly code: string }[];
}

function run(command: 'explain' | 'verify', name: string, ...options: readonly string[]) {
  const trusted = [
    '--trust',
    file('trust.bundle'),
    '--root',
    file('root.json'),
    '--policy',
    file('gate.json'),
  ];
  const at = options.includes('--at') ? [] : ['--at', formatInstant(NOW)];
  return runCli([command, ...name.split(' ').map(file), ...trusted, ...at, ...options], { home: home.path });
}

async function stepsOf(name: string, ...options: readonly string[]): Promise<Record<string, Step>> {
  const { stdout } = await run('explain', name, '--json', ...options);
  const { steps }: { steps: Step[] } = JSON.parse(stdout);
  expect(steps.map(({ step }) => step)).toEqual(STEPS);
  return Object.fromEntries(steps.map((step) => [step.step, step]));
}

const outcomes = (steps: Record<string, Step>) => Object.values(steps).map(({ outcome }) => outcome);
const facts = (steps: Record<string, Step>, step: string) => own(steps, step)?.facts.join(' ') ?? '';

describe('explain', () => {
  it('gives the verdict of verify, and its exit code', async () => {
    for (const at of [NOW, addSeconds(NOW, 61)]) {
      const options = ['--json', '--at', formatInstant(at)];
      const explained = await run('explain', 'shown.txt', ...options);
      const verified = await run('verify', 'shown.txt', ...options);
      expect(JSON.parse(explained.stdout).verdict).toEqual(JSON.parse(verified.stdout));
      expect(explained.code).toBe(verified.code);
    }
  });

  it('tells the published facts that every step went by', async () => {
    const steps = await stepsOf('shown.txt');
    expect(outcomes(steps)).toEqual(STEPS.map(() => 'passed'));
    const view = own(trust.registry.regions, 'CN-BJ');
    const key = view?.keys.find(({ kid }) => kid === fixture.regions['CN-BJ'].credential.kid);
    const rule = own(view?.ruleSets ?? {}, 'health')?.rules.find(({ id }) => id === 'clear');
    if (key === undefined || rule === undefined) throw new Error('the federation has them');
    expect(facts(steps, 'decode')).toContain('An SD-JWT, ');
    expect(facts(steps, 'key')).toContain(`version ${trust.registry.version}, signed at`);
    expect(facts(steps, 'key')).toContain('CN-BJ (Beijing)');
    expect(facts(steps, 'key')).toContain(
      `${key.kid} (ES256) for credentials, from ${formatInstant(key.notBefore)} to ${formatInstant(key.notAfter)}`,
    );
    expect(facts(steps, 'signature')).toContain(`ES256 signature is by the key ${key.kid}`);
    expect(facts(steps, 'time')).toContain(
      `from ${formatInstant(ISSUED)} to ${formatInstant(addHours(ISSUED, 24))}`,
    );
    expect(facts(steps, 'binding')).toContain(`made at ${formatInstant(NOW)}, 0 s before`);
    expect(facts(steps, 'status')).toContain(`entry 0 of ${LIST}`);
    expect(facts(steps, 'rule')).toContain(`clear@1: ${rule.words.en}`);
    expect(facts(steps, 'rule')).toContain(rule.legalBasis.en);
    expect(facts(steps, 'recognition')).toMatch(
      /CN-GD recognises .* green = green.* Here it counts as green/,
    );
    expect(steps['acceptance']?.facts).toEqual([
      'Asked for interregional-travel: health.',
      'The policy is: health.level == "green" && health.age < duration("24h")',
      '  health.level was "green"',
      '  health.age was 80 min',
    ]);
  });

  it('tells them in Chinese', async () => {
    const { stdout } = await run('explain', 'shown.txt', '--lang', 'zh');
    expect(stdout).toContain('+ 2. 签发方与密钥: 通过');
    expect(stdout).toContain('签发方是地区 CN-BJ（北京市）');
    expect(stdout).toMatch(/证明生成于 \S+，距今 0 秒；/);
    expect(stdout).toMatch(/满 \d+ (小时|天)起警告/);
    expect(stdout.trim().split('\n').at(-1)).toBe('通过');
    expect(stdout).not.toMatch(/\b(passed|The|Rule|Valid)\b/);
  });

  it('of what is not authentic it tells nothing but the reason', async () => {
    const { code, stdout } = await run('explain', 'shown.txt', '--at', formatInstant(addSeconds(NOW, 61)));
    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual([
      '+ 1. Reading: passed',
      '+ 2. Issuer and key: passed',
      '+ 3. Signature: passed',
      '+ 4. Times: passed',
      'x 5. Proof by the holder: something was found',
      '   ! Not authentic: The code is too old: show it afresh from the wallet. [binding-stale, REQ-BND-005]',
      '- 6. Current status: not looked at',
      '- 7. Rule: not looked at',
      '- 8. Recognition: not looked at',
      '- 9. Policy of this place: not looked at',
      '',
      'Not authentic',
      '',
    ]);
  });

  it('of several, each has its number; what is not asked for is told where it was found', async () => {
    await writeFile(file('tested.txt'), await show(fixture, { claims: TESTED }));
    const steps = await stepsOf('shown.txt tested.txt');
    expect(facts(steps, 'rule')).toMatch(/Credential 1: Rule clear@1.*Credential 2: Rule test-negative-3d@1/);
    expect(facts(steps, 'time')).toContain(`taken at ${formatInstant(addHours(ISSUED, -20))}`);
    expect(steps['acceptance']).toMatchObject({
      outcome: 'found',
      findings: [{ code: 'scheme-not-asked', credential: 1 }],
    });
  });

  it('a revoked one is found at its step, and the others have passed', async () => {
    const claims = { ...CLAIMS, statusEntry: { idx: 1, uri: LIST } };
    await writeFile(file('revoked.txt'), await show(fixture, { claims }));
    const steps = await stepsOf('revoked.txt');
    expect(outcomes(steps)).toEqual(STEPS.map((step) => (step === 'status' ? 'found' : 'passed')));
    expect(steps['status']?.findings).toMatchObject([{ code: 'status-revoked' }]);
  });

  it('a card has no proof, and says so', async () => {
    await writeFile(file('card.txt'), await mint(fixture, { claims: CARD }));
    const steps = await stepsOf('card.txt');
    expect(steps['binding']).toMatchObject({ outcome: 'found', findings: [{ code: 'bearer' }] });
    expect(facts(steps, 'binding')).toMatch(/without a key/);
    expect((await run('explain', 'card.txt')).stdout).toMatch(/a card without a key: compare the portrait/);
  });

  it('what names a thing is told as its label, by verify as well', async () => {
    const label = await issueSdJwt({
      issuer: sampleIssuer('CN-BJ'),
      claims: CARD,
      details: { reason: 'Dry', evidence: 'road-sensor', asset: 'urn:example:road:1' },
      signer: fixture.regions['CN-BJ'].credential,
      random: insecureRandomFromSeed('label'),
    });
    await writeFile(file('label.txt'), label);
    for (const command of ['explain', 'verify'] as const) {
      const { stdout } = await run(command, 'label.txt');
      expect(stdout).toMatch(/This is a label without a key: .* \[bearer, /);
      expect(stdout).not.toMatch(/portrait/);
    }
    expect((await run('explain', 'label.txt', '--lang', 'zh')).stdout).toMatch(/这是没有密钥的标签/);
  });

  it('REQ-STA-006 a list that is not believed is told of the list: the credential is as genuine as before', async () => {
    const forged = await bundleOf(fixture, await listToken(fixture, { signer: attacker }));
    await writeFile(file('forged-list.bundle'), forged);
    const trusting = ['--trust', file('forged-list.bundle')];
    for (const command of ['explain', 'verify'] as const) {
      const { code, stdout } = await run(command, 'shown.txt', ...trusting);
      expect(code).toBe(2);
      expect(stdout).toMatch(/Whether this still holds is not known, as its status list .* \[key-unknown, /);
      expect(stdout).not.toMatch(/genuine/);
    }
    const { stdout } = await run('explain', 'shown.txt', '--lang', 'zh', ...trusting);
    expect(stdout).toMatch(/需人工处理: 状态列表由该地区没有公布的密钥签名/);
  });

  it('its help says how many are shown together, and when --region is passed over', async () => {
    for (const command of ['explain', 'verify']) {
      const { stdout } = await runCli([command, '--help'], { home: home.path });
      const words = stdout.replaceAll(/\s+/g, ' ');
      expect(words).toContain(`shown together, with ${LIMITS.shownTogether} credentials at most`);
      expect(words).toMatch(/--region <id> [^-]*passed over with --policy or --venue/);
    }
    const { stdout } = await runCli(['venue', 'make', '--help'], { home: home.path });
    expect(stdout).toMatch(/"requireNonce", what is shown at a venue must answer its code/);
  });
});
