import { Environment, ParseError } from '@marcbachmann/cel-js';
import { LIMITS } from '@symbolon/protocol/limits';
import { checkExpression } from './check-expression.ts';
import { type FieldRead, fieldsRead } from './fields-read.ts';
import { type Literals, literalsOf } from './literals-of.ts';
import type { Problem } from './problem.ts';
import type { RecordType, ValueType, Vocabulary } from './vocabulary.ts';

const CEL_LIMITS = {
  maxAstNodes: LIMITS.celNodes,
  maxDepth: LIMITS.celDepth,
  maxListElements: LIMITS.celListElements,
  maxMapEntries: LIMITS.celMapEntries,
  maxCallArguments: LIMITS.celCallArguments,
};

const CEL_TYPES = {
  bool: 'bool',
  int: 'int',
  string: 'string',
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
} as const;

/** Values by name, as an expression reads them: bigint, string, boolean, Date, Duration, a record, or an array of records. */
export type Context = Readonly<Record<string, unknown>>;

export interface Expression {
  /** @throws whatever the CEL library throws on overflow or on a field without a value */
  evaluate(context: Context): unknown;
  readonly cost: number;
  /** Whether it is the literal `true`. */
  readonly alwaysHolds: boolean;
  readonly literals: () => Literals;
  readonly fieldsRead: () => readonly FieldRead[];
}

export type Compilation =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Compiles expressions over one vocabulary, and makes the records that they read. */
export interface Compiler {
  compile(text: string): Compilation;
  /** A record of a type of the vocabulary. A field that is left out has no value: reading it fails. */
  record(typeName: string, fields: Readonly<Record<string, unknown>>): object;
}

export function createCompiler(vocabulary: Vocabulary): Compiler {
  const environment = new Environment({ limits: CEL_LIMITS });
  const classes = new Map<string, RecordClass>();
  for (const [name, type] of vocabulary) {
    const record = 'record' in type ? type.record : undefined;
    if (record !== undefined) classes.set(record.name, registerRecord(environment, record));
    environment.registerVariable(name, celTypeOf(type));
  }
  return {
    compile: (text) => compile(environment, vocabulary, text),
    record: (typeName, fields) => {
      const Class = classes.get(typeName);
      if (Class === undefined) throw new TypeError('no such record type');
      return new Class(fields);
    },
  };
}

function compile(environment: Environment, vocabulary: Vocabulary, text: string): Compilation {
  if (text.length > LIMITS.celExpressionChars) {
    const bound = LIMITS.celExpressionChars;
    return { ok: false, problems: [{ reason: 'limit', position: bound, bound }] };
  }
  let parsed: ReturnType<Environment['parse']>;
  try {
    parsed = environment.parse(text);
  } catch (error) {
    return { ok: false, problems: [syntaxProblem(error)] };
  }
  const { problems, cost } = checkExpression(parsed.ast, vocabulary);
  if (problems.length > 0) return { ok: false, problems };
  // The library's own type check is a second opinion, and prepares the tree for evaluation.
  const second = parsed.check();
  if (!second.valid || second.type !== 'bool') {
    return { ok: false, problems: [{ reason: 'type', position: second.error?.range?.start ?? 0 }] };
  }
  const { ast } = parsed;
  return {
    ok: true,
    expression: {
      evaluate: (context) => parsed(context),
      cost,
      alwaysHolds: ast.op === 'value' && ast.args === true,
      literals: () => literalsOf(ast),
      fieldsRead: () => fieldsRead(ast),
    },
  };
}

function syntaxProblem(error: unknown): Problem {
  if (!(error instanceof ParseError)) return { reason: 'syntax', position: 0 };
  const position = error.range?.start ?? 0;
  if (error.code !== 'limit_exceeded') return { reason: 'syntax', position };
  const passed = Object.entries(CEL_LIMITS).find(([name]) => error.summary.includes(name));
  return { reason: 'limit', position, ...(passed === undefined ? {} : { bound: passed[1] }) };
}

type RecordClass = new (fields: Readonly<Record<string, unknown>>) => object;

/** The library tells record types apart by their class, so each type gets a class of its own. */
function registerRecord(environment: Environment, record: RecordType): RecordClass {
  const Class = class {
    constructor(fields: Readonly<Record<string, unknown>>) {
      Object.assign(this, fields);
    }
  };
  const fields = Object.fromEntries([...record.fields].map(([name, type]) => [name, celTypeOf(type)]));
  environment.registerType(record.name, { ctor: Class, fields });
  return Class;
}

function celTypeOf(type: ValueType): string {
  if (type.kind === 'record') return type.record.name;
  if (type.kind === 'facts') return `list<${type.record.name}>`;
  return CEL_TYPES[type.kind];
}
