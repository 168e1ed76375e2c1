import { utf8 } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import { describe, expect, it } from 'vitest';
import { inReadingOrder, readListIndex, writeListIndex } from './list-index.ts';

const MALFORMED = expect.objectContaining({ code: 'status-list-malformed' });
const IDS = ['498861', '498861.revocation', '498861.suspension', '498861-1', '498861-1.suspension'];

describe('the index of a region’s lists', () => {
  it('is read as it was written', () => {
    expect(readListIndex(utf8(writeListIndex(IDS)))).toEqual(IDS);
  });

  it.each(['../keys', '498861.other', '498861.revocation.suspension', '.revocation', '498861-11', '', 'a'])(
    'REQ-STA-006 names no such list: %s',
    (id) => {
      expect(() => readListIndex(utf8(JSON.stringify({ lists: [id] })))).toThrow(MALFORMED);
      expect(() => writeListIndex([id])).toThrow(MALFORMED);
    },
  );

  it.each(['', '[]', '{}', '{"lists":[1]}', '{"lists":[],"lists":[]}', '{"lists":['])(
    'REQ-STA-006 is refused when it is %s',
    (text) => {
      expect(() => readListIndex(utf8(text))).toThrow(MALFORMED);
    },
  );

  it('REQ-STA-006 names at most so many', () => {
    const ids = Array.from({ length: LIMITS.regionLists + 1 }, (_, i) => String(i));
    expect(readListIndex(utf8(writeListIndex(ids.slice(1))))).toHaveLength(LIMITS.regionLists);
    expect(() => writeListIndex(ids)).toThrow(MALFORMED);
  });

  it('REQ-STA-009 is read token lists first', () => {
    expect(inReadingOrder(IDS)).toEqual([
      ['498861', '498861-1'],
      ['498861.revocation', '498861.suspension', '498861-1.suspension'],
    ]);
  });
});
