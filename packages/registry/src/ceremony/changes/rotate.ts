import { SymbolonError } from '@symbolon/protocol/errors';
import { ROOT } from '../event/signing-event.ts';
import type { ChangeOf } from './change.ts';
import { type Apply, redelegate, reviseRole, reviseRoot } from './revise.ts';

/** The keys of root or of targets are replaced. */
export const rotateAdmins: Apply<ChangeOf<'rotate-admins'>> = (next, { role, to }, now) =>
  reviseRoot(next, { [role]: to }, now);

/** The keys of snapshot and timestamp are replaced. Whoever publishes has the new ones, and better the old ones, too (`sealEvent`). */
export const rotateOnline: Apply<ChangeOf<'rotate-online'>> = (next, { snapshot, timestamp }, now) =>
  reviseRoot(next, { snapshot, timestamp }, now);

/** The keys of `<id>`, of `<id>.keys` or of both are replaced. @throws SymbolonError `region-unknown`, `change-empty` */
export const rotateRegion: Apply<ChangeOf<'rotate-region'>> = async (next, change, now) => {
  const { region, admins, keys } = change;
  if (admins === undefined && keys === undefined) throw new SymbolonError('change-empty', { path: region });
  return redelegate(next, region, { ...(admins && { admins }), ...(keys && { keys }) }, now);
};

/** The same content, signed for another life. */
export const renew: Apply<ChangeOf<'renew'>> = (next, { role }, now) =>
  role === ROOT ? reviseRoot(next, {}, now) : reviseRole(next, { role }, now);
