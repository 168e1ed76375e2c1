import type { Seen } from './minted-world.ts';

export type Pair = readonly [Seen, Seen];

/** The more alike two credentials look to it, the higher. */
export type Distinguisher = (pair: Pair) => number;

/**
 * How often a distinguisher gives a pair of one wallet a higher score than a pair of two wallets; ties count half. Chance is 1/2 (the area under its ROC
 * curve, from the ranks).
 */
export function successRate(score: Distinguisher, same: readonly Pair[], other: readonly Pair[]): number {
  const scored = [
    ...same.map((pair) => ({ value: score(pair), isSame: true })),
    ...other.map((pair) => ({ value: score(pair), isSame: false })),
  ].toSorted((a, b) => a.value - b.value);
  let ranks = 0;
  for (let from = 0; from < scored.length; ) {
    let to = from;
    while (to < scored.length && scored[to]?.value === scored[from]?.value) to++;
    const tied = scored.slice(from, to).filter(({ isSame }) => isSame).length;
    ranks += (tied * (from + 1 + to)) / 2;
    from = to;
  }
  return (ranks - (same.length * (same.length + 1)) / 2) / (same.length * other.length);
}

const equalBits = (a: Uint8Array, b: Uint8Array) => {
  let equal = 0;
  for (let i = 0; i < a.length; i++) {
    let different = (a[i] ?? 0) ^ (b[i] ?? 0);
    for (equal += 8; different > 0; different &= different - 1) equal--;
  }
  return equal;
};

const most = (a: readonly Uint8Array[], b: readonly Uint8Array[], alike: typeof equalBits) =>
  Math.max(...a.flatMap((one) => b.map((other) => alike(one, other))));

const commonPrefix = (a: Uint8Array, b: Uint8Array) => {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at < 0 ? a.length : at;
};

const sharedBytes = (a: Uint8Array, b: Uint8Array) => a.filter((byte, i) => byte === b[i]).length;

/** Everything but what is new in each credential: index, digest and holder key. */
const sharedClaims = ({ payload }: Seen) => {
  const { status: _, cnf: __, _sd: ___, ...shared } = payload;
  return shared;
};

/** Each looks at one thing that verifiers see. */
export const DISTINGUISHERS = {
  'indices lie near': ([a, b]) => -Math.abs(a.idx - b.idx),
  'indices share their low bits': ([a, b]) => -((a.idx ^ b.idx) & 63),
  'indices share bits': ([a, b]) => equalBits(bytesOf(a.idx), bytesOf(b.idx)),
  'the order of indices is that of showing': ([a, b]) => Number(a.idx < b.idx),
  'salts are alike': ([a, b]) => most(a.salts, b.salts, equalBits),
  'salts share bytes': ([a, b]) => most(a.salts, b.salts, sharedBytes),
  'salts begin alike': ([a, b]) => most(a.salts, b.salts, commonPrefix),
  'digests are alike': ([a, b]) => most(a.digests, b.digests, equalBits),
  'digests share bytes': ([a, b]) => most(a.digests, b.digests, sharedBytes),
  'salt and digest are alike': ([a, b]) => most(a.salts, b.digests, sharedBytes),
  'claims are the same': ([a, b]) =>
    Object.entries(sharedClaims(a)).filter(([name, value]) => b.payload[name] === value).length,
  'times lie near': ([a, b]) =>
    -['at', 'iat', 'exp'].reduce(
      (sum, name) => sum + Math.abs(Number(a.payload[name]) - Number(b.payload[name])),
      0,
    ),
  'texts are as long': ([a, b]) =>
    -Math.abs(JSON.stringify(a.payload).length - JSON.stringify(b.payload).length),
} as const satisfies Record<string, Distinguisher>;

/** The publication in which a change showed first. */
export const flippedTogether: Distinguisher = ([a, b]) =>
  a.flippedAt === undefined || b.flippedAt === undefined ? 0 : -Math.abs(a.flippedAt - b.flippedAt);

function bytesOf(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}
