import { own } from '@symbolon/protocol/own';
import type { FactType, Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Fault } from './problem.ts';
import {
  BOOL,
  INT,
  isFieldName,
  isVariableName,
  STRING,
  TIMESTAMP,
  type ValueType,
  type Vocabulary,
} from './vocabulary.ts';

const SIMPLE = { string: STRING, int: INT, bool: BOOL, timestamp: TIMESTAMP } as const;

/** What a rule of this scheme may read: its fact types, each a list of facts, and `now`. Nothing else exists. */
export function factVocabulary(scheme: Scheme): Vocabulary {
  const names = new Map<string, ValueType>([['now', TIMESTAMP]]);
  for (const [name, type] of Object.entries(scheme.factTypes)) {
    names.set(name, { kind: 'facts', record: { name: factRecordName(name), fields: fieldsOf(type) } });
  }
  return names;
}

export function factRecordName(factType: string): string {
  return `fact.${factType}`;
}

/** Names that CEL cannot carry, and value lists of fields that are not strings. */
export function schemeFaults(scheme: Scheme): Fault[] {
  return Object.entries(scheme.factTypes).flatMap(([name, type]) => {
    const path = `scheme.factTypes.${name}`;
    const bad = isVariableName(name) ? [] : [path];
    for (const field of Object.keys(type.fields)) {
      if (!isFieldName(field) || field === 'at') bad.push(`${path}.fields.${field}`);
    }
    for (const field of Object.keys(type.values ?? {})) {
      if (own(type.fields, field) !== 'string') bad.push(`${path}.values.${field}`);
    }
    return bad.map((where) => ({ code: 'rule-set-malformed' as const, path: where }));
  });
}

function fieldsOf(type: FactType): Map<string, ValueType> {
  const fields = new Map<string, ValueType>([['at', TIMESTAMP]]);
  for (const [name, kind] of Object.entries(type.fields)) {
    const oneOf = own(type.values ?? {}, name);
    fields.set(name, kind === 'string' && oneOf !== undefined ? { kind, oneOf } : SIMPLE[kind]);
  }
  return fields;
}
