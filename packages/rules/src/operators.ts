import { BOOL, DURATION, INT, STRING, TIMESTAMP, type ValueType } from './vocabulary.ts';

type Kind = ValueType['kind'];

/** What an operator takes and gives. What is not in this table does not exist: there is no `+` of strings or lists. */
const SIGNATURES: ReadonlyMap<string, readonly (readonly [left: Kind, right: Kind, result: ValueType])[]> =
  new Map([
    ['||', [['bool', 'bool', BOOL]]],
    ['&&', [['bool', 'bool', BOOL]]],
    ['==', equality()],
    ['!=', equality()],
    // Strings have no order here: `level < "green"` would compare letters.
    ['<', order()],
    ['<=', order()],
    ['>', order()],
    ['>=', order()],
    [
      '+',
      [
        ['int', 'int', INT],
        ['duration', 'duration', DURATION],
        ['timestamp', 'duration', TIMESTAMP],
        ['duration', 'timestamp', TIMESTAMP],
      ],
    ],
    [
      '-',
      [
        ['int', 'int', INT],
        ['duration', 'duration', DURATION],
        ['timestamp', 'duration', TIMESTAMP],
        ['timestamp', 'timestamp', DURATION],
      ],
    ],
    ['*', [['int', 'int', INT]]],
    ['/', [['int', 'int', INT]]],
    ['%', [['int', 'int', INT]]],
  ]);

/** Methods of a string, each of one string, that give a bool. None of them backtracks; `matches` is a regular expression. */
export const STRING_METHODS: ReadonlySet<string> = new Set(['startsWith', 'endsWith', 'contains']);

/** Macros over facts: `exposure.exists(e, e.risk == "high")`. */
export const MACROS: ReadonlyMap<string, 'bool' | 'facts'> = new Map([
  ['exists', 'bool'],
  ['exists_one', 'bool'],
  ['all', 'bool'],
  ['filter', 'facts'],
]);

/** What `left op right` gives, or nothing when the operator does not take these. */
export function resultOf(op: string, left: ValueType, right: ValueType): ValueType | undefined {
  return SIGNATURES.get(op)?.find(([l, r]) => l === left.kind && r === right.kind)?.[2];
}

function equality(): [Kind, Kind, ValueType][] {
  return [BOOL, INT, STRING, TIMESTAMP, DURATION].map(({ kind }) => [kind, kind, BOOL]);
}

function order(): [Kind, Kind, ValueType][] {
  return [INT, TIMESTAMP, DURATION].map(({ kind }) => [kind, kind, BOOL]);
}
