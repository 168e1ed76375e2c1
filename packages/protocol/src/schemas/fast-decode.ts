import type * as z from 'zod/mini';

/*
 * zod makes two objects for each value in a document, and so it takes as long for a large registry as all its signatures. Here a schema is turned into
 * functions once, by what zod itself says of it (`_zod.def`). They know the kinds of schema that this protocol has, and good values only: whatever is wrong,
 * or of another kind, is left to zod.
 */

/** The value as zod would read it, or a verdict. */
type Decode = (value: unknown) => unknown;

/** Zod refuses the value. */
const WRONG = Symbol('wrong');
/** What zod makes of the value is not known here. */
const UNSURE = Symbol('unsure');

const decoders = new WeakMap<z.core.$ZodType, Decode>();

/**
 * Reads a value that came from JSON as `z.decode` does. What needs no change is handed on and not copied, so the result may share parts with the value.
 *
 * @returns undefined when it is for zod to say, most often because something is wrong
 */
export function fastDecode<T extends z.core.$ZodType>(schema: T, value: unknown): z.output<T> | undefined {
  const result = decoderOf(schema)(value);
  return isVerdict(result) ? undefined : (result as z.output<T>);
}

function isVerdict(result: unknown): result is typeof WRONG | typeof UNSURE {
  return result === WRONG || result === UNSURE;
}

function decoderOf(schema: z.core.$ZodType): Decode {
  const known = decoders.get(schema);
  if (known !== undefined) return known;
  const made = withChecks(byKind(schema as z.core.$ZodTypes), schema._zod.def.checks ?? []);
  decoders.set(schema, made);
  return made;
}

function withChecks(decode: Decode, checks: readonly z.core.$ZodCheck<never>[]): Decode {
  if (checks.length === 0) return decode;
  const passes = checks.map((check) => passOf(check._zod.def as CheckDef));
  return (value) => {
    const result = decode(value);
    if (isVerdict(result)) return result;
    for (let i = 0; i < passes.length; i++) if (passes[i]?.(result) !== true) return UNSURE;
    return result;
  };
}

type CheckDef = (z.core.$ZodChecks | z.core.$ZodCustom)['_zod']['def'];

/** Whether a value passes a check for sure. */
function passOf(def: CheckDef): (value: unknown) => boolean {
  switch (def.check) {
    case 'custom':
      return (value) => def.fn(value) === true;
    case 'min_length':
      // Zod measures texts in code points, of at most two units each.
      return (value) => lengthOf(value) >= (typeof value === 'string' ? 2 * def.minimum - 1 : def.minimum);
    case 'max_length':
      return (value) => lengthOf(value) <= def.maximum;
    case 'greater_than': {
      const { value: bound, inclusive } = def;
      return (value) =>
        typeof value === 'number' && (value > Number(bound) || (inclusive && value === bound));
    }
    case 'less_than': {
      const { value: bound, inclusive } = def;
      return (value) =>
        typeof value === 'number' && (value < Number(bound) || (inclusive && value === bound));
    }
    case 'string_format': {
      const { format, pattern } = def;
      if (format !== 'regex' || pattern === undefined || pattern.global || pattern.sticky) return () => false;
      return (value) => typeof value === 'string' && pattern.test(value);
    }
    default:
      return () => false;
  }
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' || Array.isArray(value) ? value.length : Number.NaN;
}

function byKind(schema: z.core.$ZodTypes): Decode {
  const { def } = schema._zod;
  switch (def.type) {
    case 'string':
      return 'format' in def ? () => UNSURE : (value) => (typeof value === 'string' ? value : WRONG);
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : WRONG);
    case 'number':
      return 'format' in def && def.format === 'safeint'
        ? (value) => (Number.isSafeInteger(value) ? value : WRONG)
        : () => UNSURE;
    case 'unknown':
      return (value) => value;
    case 'custom':
      return customOf(def.fn);
    case 'literal':
      return oneOf(new Set(def.values));
    case 'enum':
      return oneOf(new Set(Object.values(def.entries)));
    case 'array':
      return listOf(decoderOf(def.element));
    case 'tuple':
      return tupleOf(def);
    case 'record':
      return recordOf(def);
    case 'object':
      return objectOf(def);
    case 'union':
      return firstOf(def.options.map(decoderOf));
    case 'optional': {
      const inner = decoderOf(def.innerType);
      return (value) => (value === undefined ? UNSURE : inner(value));
    }
    case 'nullable': {
      const inner = decoderOf(def.innerType);
      return (value) => (value === null ? null : inner(value));
    }
    case 'pipe':
      return codecOf(def);
    default:
      return () => UNSURE;
  }
}

function oneOf(values: ReadonlySet<unknown>): Decode {
  return (value) => (values.has(value) ? value : WRONG);
}

/** Zod takes whatever is truthy for a yes, and a promise for an answer to wait for. */
function customOf(fn: (value: unknown) => unknown): Decode {
  return (value) => {
    const answer = fn(value);
    return answer === true ? value : answer === false ? WRONG : UNSURE;
  };
}

function listOf(element: Decode): Decode {
  return (value) => (Array.isArray(value) ? elementsOf(value, () => element) : WRONG);
}

function tupleOf({ items, rest }: z.core.$ZodTupleDef): Decode {
  const elements = items.map(decoderOf);
  const mayLack = items.some(({ _zod }) => _zod.optin !== undefined || _zod.optout !== undefined);
  if (rest !== null || mayLack) return () => UNSURE;
  return (value) => {
    if (!Array.isArray(value) || value.length !== elements.length) return WRONG;
    return elementsOf(value, (i) => elements[i]);
  };
}

function elementsOf(value: readonly unknown[], elementAt: (i: number) => Decode | undefined): unknown {
  let list: unknown[] | undefined;
  for (let i = 0; i < value.length; i++) {
    const decode = elementAt(i);
    if (decode === undefined) return UNSURE;
    const each = value[i];
    const result = decode(each);
    if (isVerdict(result)) return result;
    if (result === each) continue;
    list ??= [...value];
    list[i] = result;
  }
  return list ?? value;
}

function recordOf({ keyType, valueType, mode }: z.core.$ZodRecordDef): Decode {
  if (mode === 'loose' || keyType._zod.values !== undefined) return () => UNSURE;
  const [decodeName, decode] = [decoderOf(keyType), decoderOf(valueType as z.core.$ZodType)];
  return (value) => {
    if (!isPlain(value)) return UNSURE;
    let record: Record<string, unknown> = value;
    for (const name in value) {
      if (name === '__proto__' || decodeName(name) !== name) return UNSURE;
      const result = decode(value[name]);
      if (isVerdict(result)) return result;
      if (result === value[name]) continue;
      if (record === value) record = { ...value };
      record[name] = result;
    }
    return record;
  };
}

function objectOf({ shape, catchall }: z.core.$ZodObjectDef): Decode {
  const isStrict = catchall?._zod.def.type === 'never';
  if (catchall !== undefined && !isStrict) return () => UNSURE;
  const members: readonly Member[] = Object.entries(shape).map(([name, schema]) => ({
    name,
    decode: decoderOf(schema),
    isOptional: schema._zod.def.type === 'optional',
    isRequired: schema._zod.optin === undefined,
  }));
  return (value) => {
    if (!isPlain(value)) return UNSURE;
    let object: Record<string, unknown> | undefined;
    let taken = 0;
    for (const member of members) {
      const { name } = member;
      const before = value[name];
      if (before === undefined) {
        if (name in value) return UNSURE;
        if (member.isOptional) continue;
        return member.isRequired ? WRONG : UNSURE;
      }
      const result = member.decode(before);
      if (isVerdict(result)) return result;
      if (result !== before) object ??= pick(value, members, member);
      if (object !== undefined) object[name] = result;
      taken++;
    }
    let given = 0;
    for (const _ in value) given++;
    if (given === taken) return object ?? value;
    return isStrict ? WRONG : (object ?? pick(value, members));
  };
}

/** What stands under the names of the members before one, or of all. */
function pick(
  value: Readonly<Record<string, unknown>>,
  members: readonly Member[],
  end?: Member,
): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const member of members) {
    if (member === end) break;
    if (member.name in value) picked[member.name] = value[member.name];
  }
  return picked;
}

interface Member {
  readonly name: string;
  readonly decode: Decode;
  readonly isOptional: boolean;
  readonly isRequired: boolean;
}

function firstOf(options: readonly Decode[]): Decode {
  return (value) => {
    for (const option of options) {
      const result = option(value);
      if (result !== WRONG) return result;
    }
    return WRONG;
  };
}

function codecOf({ in: before, out: after, transform }: z.core.$ZodPipeDef): Decode {
  if (transform === undefined) return () => UNSURE;
  const [decodeBefore, decodeAfter] = [decoderOf(before), decoderOf(after)];
  return (value) => {
    const read = decodeBefore(value);
    if (isVerdict(read)) return read;
    const payload: z.core.ParsePayload = { value: read, issues: [] };
    const result = transform(read, payload);
    return payload.issues.length > 0 ? UNSURE : decodeAfter(result);
  };
}

/** What JSON.parse makes of `{}`. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
