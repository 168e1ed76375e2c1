import { kidOf } from '@symbolon/keys/kid';
import { SymbolonError } from '@symbolon/protocol/errors';
import { type NewAuthority, sameAuthority } from '../authority.ts';
import type { Draft } from '../draft.ts';
import { rootRolesOf } from '../root.ts';
import type { ChangeOf } from './change.ts';
import { type Apply, redelegate, requireRole, reviseRoot } from './revise.ts';

/** One more admin, of root and targets or of a region. @throws SymbolonError `key-duplicate`, `threshold-unreachable`, `region-unknown` */
export const addAdmin: Apply<ChangeOf<'add-admin'>> = async (next, change, now) => {
  const { region, jwk, threshold } = change;
  const added = ({ keys, ...rest }: NewAuthority): NewAuthority => ({
    threshold: threshold ?? rest.threshold,
    keys: [...keys, jwk],
  });
  if (region !== undefined) return redelegate(next, region, { admins: added(adminsOf(next, region)) }, now);
  const { root, targets } = rootRolesOf(next.trust.root);
  return reviseRoot(next, { root: added(root), targets: added(targets) }, now);
};

/** An admin of root, of targets or of both leaves; or one of a region. @throws SymbolonError `key-absent`, `threshold-unreachable` */
export const removeAdmin: Apply<ChangeOf<'remove-admin'>> = async (next, change, now) => {
  const { region, kid, threshold } = change;
  const left = ({ keys, ...rest }: NewAuthority): NewAuthority => ({
    threshold: threshold ?? rest.threshold,
    keys: keys.filter((key) => kidOf(key) !== kid),
  });
  const { root, targets } = rootRolesOf(next.trust.root);
  const held = region === undefined ? [...root.keys, ...targets.keys] : adminsOf(next, region).keys;
  // REQ-CER-013
  if (!held.some((key) => kidOf(key) === kid)) throw new SymbolonError('key-absent', { path: 'kid' });
  if (region !== undefined) return redelegate(next, region, { admins: left(adminsOf(next, region)) }, now);
  return reviseRoot(next, { root: left(root), targets: left(targets) }, now);
};

function adminsOf(next: Draft, region: string): NewAuthority {
  return sameAuthority(requireRole(next, region).authority);
}
