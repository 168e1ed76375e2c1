import { DAY_SECONDS, HOUR_SECONDS } from '@symbolon/protocol/instant';

/** How long ahead of its end a thing is warned of, in seconds. */
export interface DoctorSettings {
  readonly root: number;
  readonly targets: number;
  readonly region: number;
  readonly regionKeys: number;
  readonly snapshot: number;
  readonly timestamp: number;
  /** Before the last moment at which the next issuing or status key can be published with its lead. */
  readonly successor: number;
  /** Keys that live for years: those of logs, witnesses, operators and sources. */
  readonly longLivedKey: number;
}

/** Long enough to bring the admins together, who may sit in several cities; the online roles renew themselves, so there a day or two is a sign. */
export const DOCTOR_SETTINGS: DoctorSettings = {
  root: 60 * DAY_SECONDS,
  targets: 60 * DAY_SECONDS,
  region: 21 * DAY_SECONDS,
  regionKeys: 7 * DAY_SECONDS,
  snapshot: 2 * DAY_SECONDS,
  timestamp: 6 * HOUR_SECONDS,
  successor: 7 * DAY_SECONDS,
  longLivedKey: 60 * DAY_SECONDS,
};
