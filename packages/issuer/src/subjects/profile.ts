/** What a region knows of a subject beside its facts and decisions. Stored whole, by compare and swap. */
export interface SubjectProfile {
  readonly subject: string;
  /** 1, 2, 3, ... */
  readonly version: number;
  readonly kind: 'person' | 'asset';
  /** The public name (an absolute IRI) of an asset; a person has none. */
  readonly asset?: string;
  /** The subject that this one was found to be the same as. From then on nothing is decided or minted here. */
  readonly mergedInto?: string;
  /** Subjects whose merging into this one has begun and is not finished. Until it is, no rule runs on this one. */
  readonly absorbing: readonly string[];
  /** Subjects whose wallets may ask in the place of this one, until a time (seconds since 1970). */
  readonly guardians: readonly Guardian[];
}

export interface Guardian {
  readonly subject: string;
  readonly until: number;
}
