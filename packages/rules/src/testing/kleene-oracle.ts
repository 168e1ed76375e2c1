import fc from 'fast-check';

/** True, false or unknown. */
type Truth = boolean | undefined;
type Shown = Readonly<Record<'one' | 'two', string | undefined>>;

/** A second evaluator for policies over the schemes `one` and `two`, written without CEL, in the strong logic of Kleene. */
export interface KleeneTree {
  readonly text: string;
  readonly truth: (shown: Shown) => Truth;
}

function leaf(text: string, truth: (shown: Shown) => Truth): KleeneTree {
  return { text, truth };
}

const leaves: fc.Arbitrary<KleeneTree> = fc
  .tuple(fc.constantFrom('one' as const, 'two' as const), fc.constantFrom('a', 'b'))
  .chain(([id, level]) =>
    fc.constantFrom(
      leaf(`${id}.present`, (shown) => shown[id] !== undefined),
      leaf(`${id}.level == "${level}"`, (shown) => known(shown[id], (value) => value === level)),
      leaf(`${id}.level != "${level}"`, (shown) => known(shown[id], (value) => value !== level)),
      leaf(`${id}.level in ["${level}"]`, (shown) => known(shown[id], (value) => value === level)),
      leaf(`${id}.age >= duration("1h")`, (shown) => known(shown[id], () => true)),
      leaf(`${id}.contested`, (shown) => known(shown[id], () => false)),
    ),
  );

/** Leaves joined by `&&`, `||`, `!` and `?:`, three levels deep. */
export const kleeneTree: fc.Arbitrary<KleeneTree> = fc.letrec<{ tree: KleeneTree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaves,
    tie('tree').map((a) => leaf(`!(${a.text})`, (shown) => known(a.truth(shown), (value) => !value))),
    fc
      .tuple(tie('tree'), tie('tree'))
      .map(([a, b]) => leaf(`(${a.text} && ${b.text})`, (shown) => least(a.truth(shown), b.truth(shown)))),
    fc
      .tuple(tie('tree'), tie('tree'))
      .map(([a, b]) => leaf(`(${a.text} || ${b.text})`, (shown) => greatest(a.truth(shown), b.truth(shown)))),
    fc.tuple(tie('tree'), tie('tree'), tie('tree')).map(([a, b, c]) =>
      leaf(`(${a.text} ? ${b.text} : ${c.text})`, (shown) => {
        const condition = a.truth(shown);
        return condition === undefined ? undefined : condition ? b.truth(shown) : c.truth(shown);
      }),
    ),
  ),
})).tree;

function known<T>(value: T | undefined, truth: (value: T) => boolean): Truth {
  return value === undefined ? undefined : truth(value);
}

// Kleene: false < unknown < true, `&&` is the least and `||` the greatest.
function rank(truth: Truth): number {
  return truth === undefined ? 1 : truth ? 2 : 0;
}

function least(a: Truth, b: Truth): Truth {
  return rank(a) <= rank(b) ? a : b;
}

function greatest(a: Truth, b: Truth): Truth {
  return rank(a) >= rank(b) ? a : b;
}
