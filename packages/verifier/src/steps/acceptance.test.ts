import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { ShownStatus } from '@symbolon/protocol/schemas/verdict';
import { describe, expect, it } from 'vitest';
import { policyFor } from '../policy.ts';
import { findingsOf } from '../testing/findings-of.ts';
import { FREIGHT, HEALTH, NOW, TEST } from '../testing/plain-trust.ts';
import { CLAIMS, POLICY } from '../testing/presentations.ts';
import { accept, acceptScheme } from './acceptance.ts';

const SCHEMES = { health: HEALTH, test: TEST, freight: FREIGHT };
const STATUS: ShownStatus = {
  region: 'CN-HA',
  scheme: 'health',
  level: 'green',
  countsAs: 'green',
  rule: CLAIMS.rule,
  authority: CLAIMS.authority,
  assurance: CLAIMS.assurance,
  issuedAt: CLAIMS.issuedAt,
  expiresAt: CLAIMS.expiresAt,
  contested: false,
  bearer: false,
  presentationId: 'id',
  details: {},
};

async function check(status: Partial<ShownStatus>, changes: Partial<Policy> = {}, scheme = HEALTH) {
  const policy = { ...POLICY, ...changes };
  const compiled = policyFor(policy, SCHEMES);
  const statuses = [{ ...STATUS, ...status }];
  const { found } = await findingsOf('acceptance', (findings) => {
    acceptScheme(scheme, policy, findings);
    accept(statuses, compiled, NOW, findings);
  });
  return found;
}

describe('step acceptance', () => {
  it('a status that the policy asks for, for a purpose of its scheme', async () => {
    expect(await check({})).toEqual([]);
  });

  it('REQ-ACC-001 purpose-not-listed: a health status is no ticket', async () => {
    expect(await check({}, { purpose: 'concert' })).toEqual(['purpose-not-listed not-accepted']);
    expect(await check({}, { purpose: 'constructor' })).toEqual(['purpose-not-listed not-accepted']);
  });

  it('REQ-ACC-002 scheme-not-asked', async () => {
    const found = await check({ scheme: 'test', countsAs: 'negative' }, {}, TEST);
    expect(found).toEqual(['scheme-not-asked not-accepted', 'policy-not-met not-accepted']);
    expect(await check({ scheme: 'test' }, { accept: 'true' }, TEST)).toEqual([
      'scheme-not-asked not-accepted',
    ]);
  });

  it.each<[string, Partial<ShownStatus>]>([
    ['another level', { countsAs: 'amber' }],
    ['a level that counts as another here', { level: 'green', countsAs: 'red' }],
  ])('REQ-ACC-003 policy-not-met: %s', async (_, status) => {
    expect(await check(status)).toEqual(['policy-not-met not-accepted']);
  });

  it('REQ-ACC-003 policy-not-met: a level that is not recognised meets nothing, however it is asked', async () => {
    const { countsAs: _, ...unrecognised } = STATUS;
    for (const expression of [
      'health.level == "green"',
      'health.level != "red"',
      '!(health.level == "red")',
    ]) {
      const policy = { ...POLICY, accept: expression };
      const { found } = await findingsOf('acceptance', (findings) =>
        accept([unrecognised], policyFor(policy, SCHEMES), NOW, findings),
      );
      expect(found).toEqual(['policy-not-met not-accepted']);
    }
  });

  it('REQ-RUL-009 expression-failed: an overflow accepts nobody', async () => {
    const overflow = 'health.level == "green" && 9007199254740991 * 9007199254740991 > 0';
    expect(await check({}, { accept: overflow })).toEqual(['expression-failed not-accepted']);
  });
});
