import { isJsonObject, type Json, type JsonObject } from '@symbolon/protocol/strict-json';
import type { TargetsMetadata } from '../../metadata/metadata.ts';
import { authorityOf } from '../../metadata/threshold.ts';
import type { Overlay } from '../event/lay-over.ts';
import { delegationsOf } from '../event/tree.ts';
import { authorityDiff } from './authority-diff.ts';
import { orderDiff } from './json-diff.ts';
import type { DiffLine } from './line.ts';
import { placeLines, type Room } from './place-lines.ts';
import { roleFieldsDiff, unusedKeysDiff } from './role-keys-diff.ts';

/** Regions that a role takes in, lets go or gives to other keys; and all else that its delegations say. */
export function delegationsDiff(
  { event, published }: Overlay,
  role: string,
  room: Room,
): readonly DiffLine[] {
  const [before, after] = [published?.roles.get(role), event.roles.get(role)];
  const [old, fresh] = [rolesOf(before), rolesOf(after)];
  const lines = [...new Set([...old.keys(), ...fresh.keys()])].flatMap((name) => {
    const [was, is] = [old.get(name), fresh.get(name)];
    const gone = is === undefined;
    const whole: DiffLine[] =
      was !== undefined && !gone ? [] : [{ role, mark: gone ? 'removed' : 'added', subject: `role ${name}` }];
    if (gone) return whole;
    const keys = authorityDiff(role, name, was?.authority, is.authority);
    const fields = roleFieldsDiff(was?.raw, is.raw, keys.length > 0);
    return [...whole, ...keys, ...placeLines(role, `role ${name}`, fields, room)];
  });
  const [oldKeys, freshKeys] = [rawDelegations(before)['keys'], rawDelegations(after)['keys']];
  return [
    ...lines,
    // The search for a file goes through them in this order.
    ...placeLines(role, 'delegations', orderDiff([...old.keys()], [...fresh.keys()]), room),
    ...placeLines(role, 'delegations keys', unusedKeysDiff(oldKeys, freshKeys, old, fresh), room),
  ];
}

function rolesOf(metadata: TargetsMetadata | undefined) {
  const roles: Json | undefined = rawDelegations(metadata)['roles'];
  const raw = Array.isArray(roles) ? roles.filter(isJsonObject) : [];
  return new Map(
    delegationsOf(metadata).map((delegation, i) => [
      delegation.name,
      { authority: metadata && authorityOf(metadata, delegation), raw: raw[i] ?? {} },
    ]),
  );
}

function rawDelegations(metadata: TargetsMetadata | undefined): JsonObject {
  const delegations = metadata?.raw['delegations'];
  return isJsonObject(delegations) ? delegations : {};
}
