/** What a Bitstring list says of its entries (Bitstring Status List 1.0, section 2.2). A list has one purpose. */
export const LIST_PURPOSES = ['revocation', 'suspension'] as const;
export type ListPurpose = (typeof LIST_PURPOSES)[number];

/*
 * Token lists are named `<hour>[-n]`, and the Bitstring lists of the same entries `<hour>[-n].<purpose>`. What is said here of ids holds for URIs, which
 * end with them.
 */

/** The Bitstring list with the entries of a token list. */
export function bitstringListOf(tokenList: string, purpose: ListPurpose): string {
  return `${tokenList}.${purpose}`;
}

/** Undefined for a token list. */
export function purposeOf(list: string): ListPurpose | undefined {
  return LIST_PURPOSES.find((purpose) => list.endsWith(`.${purpose}`));
}

/** The token list with the entries of a list: the list itself, when it is one. */
export function tokenListOf(list: string): string {
  const purpose = purposeOf(list);
  return purpose === undefined ? list : list.slice(0, -`.${purpose}`.length);
}
