import { kidOf } from '@symbolon/keys/kid';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { RootMetadata } from '../../metadata/metadata.ts';
import { type Authority, authorityOf } from '../../metadata/threshold.ts';
import { keysIn } from '../authority.ts';
import type { Overlay } from '../event/lay-over.ts';
import { ROOT } from '../event/signing-event.ts';
import { TOP_ROLES } from '../root.ts';
import type { Check } from './check.ts';

/** Nobody is locked out, and nobody holds what they should not hold together. Only roles that the event gives to other keys are looked at. */
export const checkAuthorities: Check = (overlay) => [
  ...[...givenAuthorities(overlay)].flatMap(([role, authority]) => faultsOf(role, authority)),
  ...(overlay.event.root === undefined ? [] : mixedHands(overlay.event.root)),
];

/** The roles that change hands, or are new, by name. */
export function givenAuthorities({ event, before, after }: Overlay): ReadonlyMap<string, Authority> {
  const { root } = event;
  const given = new Map<string, Authority>(
    root === undefined ? [] : TOP_ROLES.map((role) => [role, authorityOf(root, root.signed.roles[role])]),
  );
  for (const [role, { authority }] of after) {
    const old = before.get(role)?.authority;
    if (old === undefined || describeKeys(old) !== describeKeys(authority)) given.set(role, authority);
  }
  return given;
}

function faultsOf(path: string, authority: Authority): SymbolonError[] {
  const { keyids, threshold } = authority;
  const keys = keysIn(authority);
  return [
    // REQ-KEY-011: one key under two ids, or two with one kid.
    ...(new Set(keys.map(kidOf)).size < keyids.length ? [new SymbolonError('key-duplicate', { path })] : []),
    // REQ-CER-002
    ...(threshold > keys.length
      ? [new SymbolonError('threshold-unreachable', { path, bound: keys.length })]
      : []),
  ];
}

/** REQ-KEY-011: who holds an online key of the registry, alone and without people, is no admin with it. */
function mixedHands(root: RootMetadata): SymbolonError[] {
  const kids = (role: (typeof TOP_ROLES)[number]) =>
    keysIn(authorityOf(root, root.signed.roles[role])).map(kidOf);
  const online = new Set([...kids('snapshot'), ...kids('timestamp')]);
  const mixed = [...kids('root'), ...kids('targets')].some((kid) => online.has(kid));
  return mixed ? [new SymbolonError('key-duplicate', { path: ROOT })] : [];
}

function describeKeys({ keyids, threshold }: Authority): string {
  return `${threshold} ${keyids.toSorted().join()}`;
}
