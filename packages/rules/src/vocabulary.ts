/** The types of the expression language. Lists exist only as lists of facts, which are quantified, filtered or counted. */
export type ValueType =
  | { readonly kind: 'bool' | 'int' | 'timestamp' | 'duration' }
  | { readonly kind: 'string'; readonly oneOf?: readonly string[] | undefined }
  | { readonly kind: 'record'; readonly record: RecordType }
  | { readonly kind: 'facts'; readonly record: RecordType };

/** A fact type, or a status of a scheme: named fields, and no others. */
export interface RecordType {
  readonly name: string;
  readonly fields: ReadonlyMap<string, ValueType>;
}

/** Every name that an expression may use, and what it is. */
export type Vocabulary = ReadonlyMap<string, ValueType>;

export const BOOL: ValueType = { kind: 'bool' };
export const INT: ValueType = { kind: 'int' };
export const STRING: ValueType = { kind: 'string' };
export const TIMESTAMP: ValueType = { kind: 'timestamp' };
export const DURATION: ValueType = { kind: 'duration' };

const KEYWORDS = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** Names that CEL gives a meaning of its own. */
const BUILT_IN = new Set(
  'now string bool int uint double map list bytes null_type type google cel optional dyn size timestamp duration has'.split(
    ' ',
  ),
);

/** Whether a field may have this name. What every JavaScript object inherits (`constructor`) is not a field of any. */
export function isFieldName(name: string): boolean {
  return !KEYWORDS.has(name) && !(name in Object.prototype);
}

/** Whether a fact type, a scheme or an iteration variable may have this name. */
export function isVariableName(name: string): boolean {
  return isFieldName(name) && !BUILT_IN.has(name) && /^[a-z][a-zA-Z0-9]{0,63}$/.test(name);
}
