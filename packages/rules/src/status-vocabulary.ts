import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { celName } from './cel-name.ts';
import { BOOL, DURATION, STRING, TIMESTAMP, type ValueType, type Vocabulary } from './vocabulary.ts';

/** What a policy may read: one record for each scheme that it asks for, and `now`. */
export function statusVocabulary(schemes: readonly Scheme[]): Vocabulary {
  const names = new Map<string, ValueType>([['now', TIMESTAMP]]);
  for (const scheme of schemes) {
    const fields = new Map<string, ValueType>([
      ['present', BOOL],
      ['level', { kind: 'string', oneOf: scheme.levels.map((level) => level.id) }],
      ['age', DURATION],
      ['rule', STRING],
      ['authority', STRING],
      ['region', STRING],
      ['assurance', STRING],
      ['contested', BOOL],
      ['bearer', BOOL],
    ]);
    names.set(celName(scheme.id), {
      kind: 'record',
      record: { name: statusRecordName(scheme.id), fields },
    });
  }
  return names;
}

export function statusRecordName(schemeId: string): string {
  return `status.${celName(schemeId)}`;
}
