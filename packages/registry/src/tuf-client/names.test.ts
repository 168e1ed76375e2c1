import { describe, expect, it } from 'vitest';
import { keptName, publishedName } from './names.ts';

describe('names of metadata', () => {
  it('are the role, where that is an ordinary one', () => {
    expect(keptName('targets')).toBe('targets.json');
    expect(keptName('team-1_b.~x')).toBe('team-1_b.~x.json');
    expect(publishedName('Team', 3, true)).toBe('3.Team.json');
    expect(publishedName('Team', 3, undefined)).toBe('Team.json');
  });

  it('REQ-REG-001 differ also on a disk that does not tell capital letters from small ones', () => {
    const roles = [
      'root',
      'ROOT',
      'Root',
      'r%4fot',
      'R%4Fot',
      '%52oot',
      '%72oot',
      'Jos\u00e9',
      'jos\u00e9',
      'J%F3',
      'K\u212a',
    ];
    const names = roles.map(keptName);
    expect(names[1]).toBe('%52%4F%4F%54.json');
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(roles.length);
    expect(names.map((name) => decodeURIComponent(name))).toEqual(roles.map((role) => `${role}.json`));
  });
});
