/** When what happens in a drill, in hours from its beginning. The same events at every length, at the same shares of it. */

export const LONGEST_GAP_HOURS = 72;
export const OUTAGE_HOURS = 120;
/** From the theft of an issuing key to its revocation. */
const UNNOTICED_HOURS = 48;
export const SHORTEST_DAYS = 24;

export interface Schedule {
  readonly hours: number;
  readonly adminReplaced: number;
  readonly regionAdminsReplaced: number;
  readonly keyStolen: number;
  readonly keyRevoked: number;
  /** The one hour without a timestamp. No region publishes in it. */
  readonly missedSigning: number;
  readonly onlineKeyReplaced: number;
  readonly outageFrom: number;
  readonly outageUntil: number;
}

/** @throws RangeError for less than `SHORTEST_DAYS`: the events would not lie apart */
export function scheduleFor(days: number): Schedule {
  if (!Number.isSafeInteger(days) || days < SHORTEST_DAYS)
    throw new RangeError(`at least ${SHORTEST_DAYS} days`);
  // Whole days, and then an hour of the day in which no region has its turn (`turnOf`).
  const at = (share: number, hourOfDay: number) => Math.floor(days * share) * 24 + hourOfDay;
  const keyRevoked = at(0.27, 9);
  const outageFrom = at(0.58, 7);
  return {
    hours: days * 24,
    adminReplaced: at(0.1, 10),
    regionAdminsReplaced: at(0.17, 11),
    keyStolen: keyRevoked - UNNOTICED_HOURS,
    keyRevoked,
    missedSigning: at(0.38, 12),
    onlineKeyReplaced: at(0.48, 13),
    outageFrom,
    outageUntil: outageFrom + OUTAGE_HOURS,
  };
}

export function isDown({ outageFrom, outageUntil }: Schedule, hour: number): boolean {
  return hour >= outageFrom && hour < outageUntil;
}

const TURNS = [3, 15];

/** The hour of the day in which a region publishes what is due: two publications a day are enough for all. */
export function turnOf(index: number): number {
  return TURNS[index % TURNS.length] ?? 0;
}

/** For the drawing. */
export function eventsOf(schedule: Schedule): readonly { readonly hour: number; readonly title: string }[] {
  return [
    { hour: schedule.adminReplaced, title: 'admin replaced' },
    { hour: schedule.regionAdminsReplaced, title: "regions' admins replaced" },
    { hour: schedule.keyStolen, title: 'issuing key stolen' },
    { hour: schedule.keyRevoked, title: 'issuing key revoked' },
    { hour: schedule.missedSigning, title: 'one signing missed' },
    { hour: schedule.onlineKeyReplaced, title: 'online keys replaced' },
    { hour: schedule.outageFrom, title: 'hub down' },
    { hour: schedule.outageUntil, title: 'hub up again' },
  ];
}
