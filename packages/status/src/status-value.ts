/** What one entry of a Symbolon list can say (Token Status List, section 7.1). Value 3 is application specific. */
export const STATUS = {
  VALID: 0,
  INVALID: 1,
  SUSPENDED: 2,
  /** The holder contested the status and the authority missed its deadline. */
  CONTESTED: 3,
} as const;

/** Two bits hold the four values. */
export const STATUS_BITS = 2;

export interface EntryState {
  readonly revoked: boolean;
  readonly suspended: boolean;
  readonly contested: boolean;
}

/** An entry holds one value: INVALID before SUSPENDED before CONTESTED (protocol, section 7). */
export function statusValueOf(state: EntryState): number {
  if (state.revoked) return STATUS.INVALID;
  if (state.suspended) return STATUS.SUSPENDED;
  return state.contested ? STATUS.CONTESTED : STATUS.VALID;
}
