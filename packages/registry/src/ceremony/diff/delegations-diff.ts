import { isJsonObject, type Json, type JsonObject } from '@symbolon/protocol/strict-json';
import type { TargetsMetadata } from '../../metadata/metadata.ts';
import { authorityOf } from '../../metadata/threshold.ts';
import type { Overlay } from '../event/lay-over.ts';
import { delegationsOf } from '../event/tree.ts';
import { authorityDiff } from './authority-diff.ts';
import { jsonDiff } from './json-diff.ts';
import { changeLine, type DiffLine } from './line.ts';

/** Regions that a role takes in, lets go or gives to other keys. */
export function delegationsDiff({ event, published }: Overlay, role: string): readonly DiffLine[] {
  const [before, after] = [published?.roles.get(role), event.roles.get(role)];
  const [old, fresh] = [rolesOf(before), rolesOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((name) => {
    const [was, is] = [old.get(name), fresh.get(name)];
    const gone = is === undefined;
    const whole: DiffLine[] =
      was !== undefined && is !== undefined
        ? []
        : [{ role, mark: gone ? 'removed' : 'added', subject: `role ${name}` }];
    const keys = gone ? [] : authorityDiff(role, name, was?.authority, is.authority);
    const rest = was === undefined || is === undefined ? [] : otherFields(role, name, was.raw, is.raw);
    return [...whole, ...keys, ...rest];
  });
}

function rolesOf(metadata: TargetsMetadata | undefined) {
  const raw = rawDelegations(metadata);
  return new Map(
    delegationsOf(metadata).map((delegation, i) => [
      delegation.name,
      {
        authority: metadata && authorityOf(metadata, delegation),
        raw: raw[i] ?? {},
      },
    ]),
  );
}

function rawDelegations(metadata: TargetsMetadata | undefined): readonly JsonObject[] {
  const delegations = metadata?.raw['delegations'];
  const roles: Json | undefined = isJsonObject(delegations) ? delegations['roles'] : undefined;
  return Array.isArray(roles) ? roles.filter(isJsonObject) : [];
}

/** Paths, whether the search ends here, and whatever else a delegation says. */
function otherFields(role: string, name: string, before: JsonObject, after: JsonObject): readonly DiffLine[] {
  const { keyids: _a, threshold: _b, ...old } = before;
  const { keyids: _c, threshold: _d, ...fresh } = after;
  return jsonDiff(old, fresh).map((place) => changeLine(role, `role ${name} ${place.path}`, place));
}
