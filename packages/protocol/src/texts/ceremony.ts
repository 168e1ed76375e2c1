/** Of signing events. */
export const CEREMONY = {
  'event-malformed': 'The signing event is damaged, or the folder is not one.',
  'threshold-unreachable':
    'The role would have fewer keys than must sign, and nobody could sign it any more: add keys or lower the threshold.',
  'key-still-signing':
    'The key still signs, or what it signed is still valid: wait until it has ended, or revoke it.',
  'region-name-used':
    'There was a region of this name before, and its old files would count again: take another name.',
  'no-key-left':
    'The region would have no key that verifiers know: publish the next key first, and wait for its lead time.',
  'region-unknown': 'There is no region of this name in the registry.',
  'region-exists': 'There is a region of this name in the registry already.',
  'change-empty': 'Nothing would change, so there is nothing to sign.',
  'signer-unknown': 'No file of this event can be signed with this key.',
  'key-taken-back':
    'A published key was given other times or another use, or its revocation was taken back: publish a new key instead.',
  'event-unsigned': 'Not enough admins have signed this event yet.',
  'event-published': 'This event was published already: there is nothing left to do.',
  'key-absent': 'The role or the region has no such key: look up the kid with "symbolon registry status".',
  'lead-shortened':
    'Verifiers that hold the older policy would meet keys that they do not know: keep the old lead with "leadUntil" for as long as it was.',
  'version-signed':
    'Another file of this version was signed here before, and no second one is: publish a version by hand.',
} as const;
