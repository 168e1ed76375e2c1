import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { failuresOfPeople } from '../decisions/one-person.ts';
import { type SettlePorts, settleCredentials } from '../lists/settle-credentials.ts';
import type { DecisionLog, DecisionRef, DecisionStore, LeafPlace, SubjectStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { resolveSubject } from '../subjects/resolve.ts';

export interface SettleWitnessedPorts extends SettlePorts {
  readonly decisions: Pick<DecisionStore, 'newest' | 'find' | 'unwitnessed' | 'markEffective'>;
  readonly decisionLog: Pick<DecisionLog, 'isEffective'>;
  readonly subjects: SubjectStore;
}

export interface SettleBounds {
  /** How many of those that wait are looked at, oldest first. */
  readonly limit: number;
  /** Of the log: a place in another one says nothing of this one. */
  readonly origin: string;
  /** Size of the tree that enough witnesses have seen: what is beyond it is not looked at any further. */
  readonly witnessed: number;
  /** No other person is begun when this says so. */
  readonly isOver?: () => boolean;
  /** Decisions that could not be read or settled, or are in another log, so that others have their turn. Keep it for as long as they shall be passed over; of many the oldest are forgotten. */
  readonly passedOver?: Set<string>;
}

export interface SettledWitnessed {
  /** How many took effect by this call. */
  readonly settled: number;
  /** Whether all that wait were looked at. A decision that could not be settled is told once, by `failure`. */
  readonly isDone: boolean;
  /** The first error that somebody must see. */
  readonly failure: unknown;
}

const AT_ONCE = 16;
/** So many are remembered at most: each is read again with the queue. */
const PASSED_OVER = 4096;

/**
 * REQ-ISS-037: what witnesses have seen takes effect. Of each decision that waited for them, the credentials of its subject are settled by the newest decision that takes effect, whichever that
 * is: a favourable one may have come meanwhile. It leaves the queue after that, so a crash before is made good by the next run. Call it after each round: several people at once, and the
 * next round goes on where this one ended.
 */
export async function settleWitnessed(
  ports: SettleWitnessedPorts,
  publication: Publication,
  { limit, origin, witnessed, isOver = () => false, passedOver = new Set() }: SettleBounds,
  now: Instant,
): Promise<SettledWitnessed> {
  const failures = failuresOfPeople();
  const rows = limit + passedOver.size;
  const found = await ports.decisions.unwitnessed(rows);
  const waiting = found.filter((ref) => !passedOver.has(nameOf(ref)));
  // Whoever has several of them is settled once.
  const people = Map.groupBy(waiting, ({ subject, scheme }) => JSON.stringify([subject, scheme])).values();
  let settled = 0;
  let isDone = found.length < rows;
  let halt: { readonly failure: unknown } | undefined;
  const worker = async () => {
    for (const refs of people) {
      if (halt !== undefined || isOver()) {
        isDone = false;
        return;
      }
      try {
        const places = await placesOf(ports, refs);
        for (const { ref, place } of places)
          if (place !== undefined && place.origin !== origin) passOver(passedOver, ref);
        const covered = places.filter(({ place }) => place?.origin === origin && place.index < witnessed);
        const count = await settlePerson(ports, publication, await effectiveOf(ports, covered), now);
        settled += count;
        failures.none();
      } catch (error) {
        for (const ref of refs) passOver(passedOver, ref);
        try {
          failures.passOver(error);
        } catch (failure) {
          halt ??= { failure };
          isDone = false;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { settled, isDone, failure: halt === undefined ? firstOf(failures) : halt.failure };
}

const nameOf = ({ subject, scheme, sequence }: DecisionRef) => JSON.stringify([subject, scheme, sequence]);

function firstOf(failures: ReturnType<typeof failuresOfPeople>): unknown {
  try {
    failures.throwFirst();
    return undefined;
  } catch (failure) {
    return failure;
  }
}

function passOver(passedOver: Set<string>, ref: DecisionRef): void {
  passedOver.add(nameOf(ref));
  const [oldest] = passedOver;
  if (passedOver.size > PASSED_OVER && oldest !== undefined) passedOver.delete(oldest);
}

interface Placed {
  readonly ref: DecisionRef;
  readonly place: LeafPlace | undefined;
}

async function placesOf(
  { decisions }: SettleWitnessedPorts,
  refs: readonly DecisionRef[],
): Promise<readonly Placed[]> {
  const places: Placed[] = [];
  for (const ref of refs) places.push({ ref, place: (await decisions.find(ref))?.place });
  return places;
}

async function effectiveOf(
  { decisionLog }: SettleWitnessedPorts,
  covered: readonly Placed[],
): Promise<readonly DecisionRef[]> {
  const effective: DecisionRef[] = [];
  for (const { ref } of covered) if (await decisionLog.isEffective(ref, true)) effective.push(ref);
  return effective;
}

async function settlePerson(
  ports: SettleWitnessedPorts,
  publication: Publication,
  effective: readonly DecisionRef[],
  now: Instant,
): Promise<number> {
  const [first] = effective;
  if (first === undefined) return 0;
  await settleOne(ports, publication, first, now);
  for (const ref of effective) await ports.decisions.markEffective(ref);
  return effective.length;
}

/** A subject that was merged away has its credentials where it leads to; once more where it was merged meanwhile, as the other one may have been settled already. */
async function settleOne(
  ports: SettleWitnessedPorts,
  publication: Publication,
  { subject, scheme }: DecisionRef,
  now: Instant,
): Promise<void> {
  for (let { subject: living } = await resolveSubject(ports.subjects, subject); ; ) {
    const newest = await ports.decisions.newest(living, scheme);
    if (newest !== undefined) await settleCredentials(ports, own(publication.schemes, scheme), newest, now);
    const { subject: after } = await resolveSubject(ports.subjects, living);
    if (after === living) return;
    living = after;
  }
}
