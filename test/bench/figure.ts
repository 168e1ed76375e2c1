/** What a benchmark says: one number under a stable name. */
export interface Figure {
  /** The median of the rounds, or a count. */
  readonly value: number;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** What the value must reach, and what it should. */
  readonly must?: number;
  readonly aim?: number;
  /** Over the rounds. What is counted and not measured has none. */
  readonly spread?: { readonly min: number; readonly max: number };
}

export type Figures = Readonly<Record<string, Figure>>;

/** Whether a value is at least as good as a mark. */
export function reaches({ value, better }: Figure, mark: number): boolean {
  return better === 'higher' ? value >= mark : value <= mark;
}
