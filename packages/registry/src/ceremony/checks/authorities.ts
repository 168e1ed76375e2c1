import { kidOf } from '@symbolon/keys/kid';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import type { RootMetadata } from '../../metadata/metadata.ts';
import { type Authority, authorityOf } from '../../metadata/threshold.ts';
import { keysIn } from '../authority.ts';
import type { Overlay } from '../event/lay-over.ts';
import { ROOT } from '../event/signing-event.ts';
import { TOP_ROLES } from '../root.ts';
import type { Check } from './check.ts';
import { givenAuthorities } from './given.ts';

export { givenAuthorities };

/** Nobody is locked out, and nobody holds what they should not hold together. Only roles that the event gives to other keys are looked at. */
export const checkAuthorities: Check = (overlay) => [
  ...[...givenAuthorities(overlay)].flatMap(([role, authority]) => faultsOf(role, authority)),
  ...tooManyHands(overlay),
  ...(overlay.event.root === undefined ? [] : mixedHands(overlay.event.root)),
];

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

/** REQ-REG-002: a file takes so many signatures. Those of all who may sign it must fit, or who needs them all could not publish. */
function tooManyHands(overlay: Overlay): SymbolonError[] {
  const most = LIMITS.metadataSignatures;
  return [...givenAuthorities(overlay)].flatMap(([role, authority]) => {
    // Snapshot and timestamp are signed by the keys that they have, and where those change by the former ones, too.
    const former = formerAuthority(overlay, role);
    const hands = new Set([...authority.keyids, ...(former?.keyids ?? [])]);
    return hands.size > most
      ? [new SymbolonError('metadata-malformed', { path: `${role} signatures`, bound: most })]
      : [];
  });
}

/** Those who sign along when a top role changes hands. */
function formerAuthority({ published }: Overlay, role: string): Authority | undefined {
  const root = published?.base?.trust.root;
  const top = TOP_ROLES.find((name) => name === role);
  return root === undefined || top === undefined ? undefined : authorityOf(root, root.signed.roles[top]);
}

/** REQ-KEY-011: who holds an online key of the registry, alone and without people, is no admin with it. */
function mixedHands(root: RootMetadata): SymbolonError[] {
  const kids = (role: (typeof TOP_ROLES)[number]) =>
    keysIn(authorityOf(root, root.signed.roles[role])).map(kidOf);
  const online = new Set([...kids('snapshot'), ...kids('timestamp')]);
  const mixed = [...kids('root'), ...kids('targets')].some((kid) => online.has(kid));
  return mixed ? [new SymbolonError('key-duplicate', { path: ROOT })] : [];
}
