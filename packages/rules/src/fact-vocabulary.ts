import { own } from '@symbolon/protocol/own';
import type { FactType, Scheme } from '@symbolon/protocol/schemas/scheme';
import { type Fault, fileFault } from './problem.ts';
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

/** Names that CEL cannot carry, value lists of fields that are not strings, and facts about places that name none. */
export function schemeFaults(scheme: Scheme): Fault[] {
  return Object.entries(scheme.factTypes).flatMap(([name, type]) => {
    const at = ['scheme', 'factTypes', name];
    const faults = isVariableName(name) ? [] : [fileFault(at, 'bad-name')];
    for (const field of Object.keys(type.fields)) {
      if (!isFieldName(field) || field === 'at') faults.push(fileFault([...at, 'fields', field], 'bad-name'));
    }
    for (const field of Object.keys(type.values ?? {})) {
      if (own(type.fields, field) !== 'string') faults.push(fileFault([...at, 'values', field], 'form'));
    }
    // By it a fact about a place meets the facts of a subject.
    if (type.about === 'place' && own(type.fields, 'place') !== 'string') {
      faults.push(fileFault([...at, 'fields', 'place'], 'no-place'));
    }
    return faults;
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
