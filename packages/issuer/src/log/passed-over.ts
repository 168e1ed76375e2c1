import type { DecisionRef, LeafPlace } from '../ports.ts';

/** So much of the queue is read at most, and so many are remembered: each is read again with the queue. */
export const ROWS_AT_MOST = 32_768;

/**
 * Decisions that were looked at and wait on, so that others have their turn, each with the size of the witnessed tree up to which it is not looked at again. Those that could not be read or settled, or
 * are in another log, are not looked at again at all.
 */
export type PassedOver = Map<string, number>;

const nameOf = ({ subject, scheme, sequence }: DecisionRef) => JSON.stringify([subject, scheme, sequence]);

export function isPassedOver(passedOver: PassedOver, ref: DecisionRef, witnessed: number): boolean {
  return witnessed <= (passedOver.get(nameOf(ref)) ?? -1);
}

export function passOver(passedOver: PassedOver, ref: DecisionRef, upTo: number): void {
  passedOver.set(nameOf(ref), upTo);
  const [oldest] = passedOver.keys();
  if (passedOver.size > ROWS_AT_MOST && oldest !== undefined) passedOver.delete(oldest);
}

/** What is in another log waits there. What is further on in this one, or has no place now, waits for witnesses to see more. */
export function waitsUpTo(place: LeafPlace | undefined, origin: string, witnessed: number): number {
  if (place === undefined) return witnessed;
  return place.origin === origin ? Math.max(place.index, witnessed) : Number.POSITIVE_INFINITY;
}
