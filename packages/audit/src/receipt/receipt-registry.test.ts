import { addHours, parseInstant } from '@symbolon/protocol/instant';
import { loadFromAnchor } from '@symbolon/registry/open-registry';
import type { RegistryView } from '@symbolon/registry/registry-view';
import { readFrom } from '@symbolon/registry/source';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AuditWorld, auditWorld, decision, POSITIVE } from '../../../../test/support/audit-world.ts';
import { checkLeafByRegistry } from './receipt-registry.ts';

describe('a receipt by what the registry says today', () => {
  const at = addHours(parseInstant('2026-09-04T00:00:00Z'), 0);
  let world: AuditWorld;
  let view: RegistryView;
  beforeAll(async () => {
    world = await auditWorld();
    const { files, pinnedRoot } = world.fixture;
    ({ view } = await loadFromAnchor({
      read: readFrom(files),
      pinnedRoot,
      state: undefined,
      now: at,
      expiry: 'offline',
    }));
  });
  const stepsOf = (of: Parameters<typeof decision>[2], isWorse = true) =>
    checkLeafByRegistry(decision(at, 1, of), at, view, isWorse)
      .filter(({ is }) => is !== 'proven')
      .map(({ is, code }) => `${is} ${code}`);

  it('holds the level to that of the rule', () => {
    expect(stepsOf(POSITIVE)).toEqual([]);
    expect(stepsOf({ ...POSITIVE, level: 'amber' })).toEqual(['failed rule-level']);
    expect(stepsOf({ ...POSITIVE, level: 'amber', mode: 'merged' })).toEqual([]);
  });

  it('REQ-AUD-005 asks for two people, one to propose and one to approve', () => {
    const { proposer, approver, overseers } = world.people;
    const by = (...approvers: string[]) => stepsOf({ ...POSITIVE, mode: 'manual', approvers });
    expect(by(proposer, approver)).toEqual([]);
    expect(by(proposer, proposer)).toEqual(['failed approvers-missing']);
    expect(by(proposer, ...overseers.slice(1))).toEqual(['unchecked approvers-missing']);
    expect(stepsOf({ ...POSITIVE, mode: 'manual' })).toEqual(['failed approvers-missing']);
    expect(stepsOf({ ...POSITIVE, mode: 'manual' }, false)).toEqual([]);
  });
});
