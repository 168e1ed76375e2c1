import { describe, expect, it } from 'vitest';
import { recorder } from './log-lines.ts';

const jws = (claims: object) =>
  `eyJhbGciOiJFUzI1NiJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

describe('the recorder of log lines', () => {
  it('finds nothing in lines of the catalogue that say nothing of anyone', () => {
    const record = recorder();
    record.heard({ subject: 'subject-of-someone', scheme: 'health', fields: { result: 'positive' } });
    record.log('facts.stored', { scheme: 'health', source: 'lab', facts: 1, new: 1 });
    expect(record.stray()).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['a subject', { subject: 'subject-of-someone' }, 'health of subject-of-someone'],
    ['an identifier inside a list', { identifiers: [{ kind: 'passport', value: 'P-1234' }] }, 'P-1234'],
    [
      'a reason inside a statement',
      { approval: jws({ reason: 'a neighbour said so' }) },
      'a neighbour said so',
    ],
    ['a credential', {}, 'eyJhbGciOiJFUzI1NiJ9'],
  ])('finds %s', (_, heard, scheme) => {
    const record = recorder();
    record.heard(heard);
    record.log('card.minted', { scheme });
    expect(record.stray()).toHaveLength(1);
  });

  it('finds a field too many', () => {
    const record = recorder();
    const by = { kid: 'AAAAAAAAAAA', authority: 'cdc', name: 'someone' };
    record.log('subjects.merged', by);
    expect(record.stray()).toHaveLength(1);
  });
});
