/** What an examination of a registry finds. */
export const DOCTOR = {
  'ends-soon': 'It ends soon: sign it anew, or publish the next key, before that.',
  ended: 'It has ended: sign it anew, or publish the next key, now.',
  'keys-few': 'The role has no key to spare: one more that is lost, and nobody can sign it. Add a key.',
  'successor-missing':
    'The next key is not published, and without it the region stops issuing: publish it in time for its lead.',
  'delegation-order':
    'The delegations of this region are not in the order that clients need, so its files are not found: delegate it again.',
  'endpoint-unreachable':
    'A service of this region does not answer at the address that the region published.',
  'endpoint-disagrees':
    'A service of this region gives out what the published keys do not vouch for: find out who signs there.',
  'list-stale': 'A status list of this region is not renewed: start its publication again.',
} as const;
