import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { mayDelegate, TARGETS } from '../../metadata/delegations.ts';
import type { RootMetadata, TargetsMetadata } from '../../metadata/metadata.ts';
import type { Delegation } from '../../metadata/schemas.ts';
import { type Authority, authorityOf } from '../../metadata/threshold.ts';

/** A role that targets, or a region, speaks into being. */
export interface TreeRole {
  readonly authority: Authority;
  /** Nothing for targets. */
  readonly delegator: string | undefined;
  readonly depth: number;
  /** Nothing when the role has not published yet. */
  readonly metadata: TargetsMetadata | undefined;
}

/** Roles by name: those that are delegated, whatever else there are files of. */
export type Tree = ReadonlyMap<string, TreeRole>;

/**
 * Who is delegated by whom, over metadata whose signatures nobody has looked at yet.
 *
 * @param fault told of a delegation that no client would accept; it is then left out
 */
export function treeOf(
  root: RootMetadata,
  roles: ReadonlyMap<string, TargetsMetadata>,
  fault: (error: SymbolonError) => void = () => {},
): Tree {
  const targets: TreeRole = {
    authority: authorityOf(root, root.signed.roles.targets),
    delegator: undefined,
    depth: 0,
    metadata: roles.get(TARGETS),
  };
  const tree = new Map([[TARGETS, targets]]);
  // A Map is walked in the order of insertion, those that are added on the way included.
  for (const [delegator, { metadata, depth }] of tree) {
    if (metadata === undefined) continue;
    for (const delegation of delegationsOf(metadata)) {
      const { name } = delegation;
      if (!mayDelegate(delegator, name) || tree.has(name)) {
        // REQ-REG-012
        fault(new SymbolonError('role-overreach', { path: name }));
      } else if (depth >= LIMITS.delegationDepth || tree.size >= LIMITS.delegatedRoles) {
        // REQ-REG-010
        fault(new SymbolonError('delegation-bounds', { path: name }));
      } else {
        const authority = authorityOf(metadata, delegation);
        tree.set(name, { authority, delegator, depth: depth + 1, metadata: roles.get(name) });
      }
    }
  }
  return tree;
}

export function delegationsOf(metadata: TargetsMetadata | undefined): readonly Delegation[] {
  return metadata?.signed.delegations?.roles ?? [];
}
