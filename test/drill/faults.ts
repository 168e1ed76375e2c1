/** What a drill is made to do wrong, to see that it is found out. */
export interface Faults {
  /** Keys are published when they begin, and the newest signs at once. */
  readonly noLead?: boolean;
  /** The region tells nobody that its key was stolen, and goes on with it. */
  readonly revocationUnpublished?: boolean;
}
