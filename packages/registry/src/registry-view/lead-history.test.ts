import { addHours } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { NOW } from '../testing/small-registry.ts';
import { earliestStart, type LeadHistory, nextLeadHistory } from './lead-history.ts';

const at = (hours: number) => addHours(NOW, hours);

describe('REQ-KEY-012 what a client remembers of leads', () => {
  it('is each lead once, with the newest time at which it was seen, though its clock went back', () => {
    const first = nextLeadHistory([], 96, at(10));
    expect(nextLeadHistory(first, 96, at(12))).toEqual([{ hours: 96, lastSeen: at(12) }]);
    expect(nextLeadHistory(first, 96, at(3))).toEqual([{ hours: 96, lastSeen: at(10) }]);
    expect(nextLeadHistory(first, 48, at(12))).toEqual([
      { hours: 96, lastSeen: at(10) },
      { hours: 48, lastSeen: at(12) },
    ]);
  });

  it('is the last eight of them', () => {
    let leads: LeadHistory = [];
    for (let i = 1; i <= 10; i++) leads = nextLeadHistory(leads, i, at(i));
    expect(leads.map(({ hours }) => hours)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('a key begins no earlier than the lead after it was absent; where that was lowered, the longer one lasts on', () => {
    const one: LeadHistory = [{ hours: 96, lastSeen: at(0) }];
    expect(earliestStart(one, at(0))).toBe(at(96));
    expect(earliestStart(one, at(5))).toBe(at(101));
    const lowered: LeadHistory = [...one, { hours: 48, lastSeen: at(10) }];
    // Published at 5, with the lead lowered between 0 and 5: the old one lasts until 96.
    expect(earliestStart(lowered, at(5))).toBe(at(101));
    // Published at 90: the old one lasts for six hours more, and the new one counts from there.
    const later: LeadHistory = [...one, { hours: 48, lastSeen: at(100) }];
    expect(earliestStart(later, at(90))).toBe(at(144));
  });
});
