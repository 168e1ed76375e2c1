import { isInstant } from './instant.ts';
import { LIMITS } from './limits.ts';
import { own } from './own.ts';
import type { FactField, FactType } from './schemas/scheme.ts';

const IS_VALUE: Readonly<Record<FactField, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string' && value.length <= LIMITS.factStringChars,
  int: (value) => Number.isSafeInteger(value),
  bool: (value) => typeof value === 'boolean',
  timestamp: isInstant,
};

/**
 * REQ-ISS-007: where the fields of a fact are not just those that its type declares, each of its type and, where the type has a closed list of values, one of
 * them. Of subjects and of places alike.
 *
 * @returns paths, `fields.kind`; a name that is not declared is input and told as `fields.?`. Empty when nothing is wrong
 */
export function badFactFields(type: FactType, fields: Readonly<Record<string, unknown>>): readonly string[] {
  const bad = Object.entries(type.fields)
    .filter(([name, kind]) => !isFieldValue(type, name, kind, own(fields, name)))
    .map(([name]) => `fields.${name}`);
  const isDeclared = (name: string): boolean => own(type.fields, name) !== undefined;
  return Object.keys(fields).every(isDeclared) ? bad : [...bad, 'fields.?'];
}

function isFieldValue(type: FactType, name: string, kind: FactField, value: unknown): boolean {
  if (!IS_VALUE[kind](value)) return false;
  const listed = own(type.values ?? {}, name);
  return listed === undefined || (typeof value === 'string' && listed.includes(value));
}
