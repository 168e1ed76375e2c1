import type { Scheme } from '@symbolon/protocol/schemas/scheme';

/** Whether a scheme has a level and calls it adverse. */
export function isAdverse({ levels }: Scheme, level: string): boolean {
  return levels.some(({ id, effect }) => id === level && effect === 'adverse');
}

/** By the order of the scheme's levels. Every level of the scheme is stricter than one that it does not have, or has no more. */
export function isStricter({ levels }: Scheme, level: string, than: string): boolean {
  const place = (wanted: string) => levels.findIndex(({ id }) => id === wanted);
  return place(level) > place(than);
}

/** Whether a change of level is what the burst guard counts: to an adverse level, from a milder one or from none. */
export function worsens(scheme: Scheme, level: string, current: string | undefined): boolean {
  return isAdverse(scheme, level) && (current === undefined || isStricter(scheme, level, current));
}
