/** Of times, and of the proof that the holder has the key. */
export const TIME_AND_BINDING = {
  expired: 'The credential has expired: the holder gets a new one by refreshing the wallet.',
  'not-yet-valid': 'The credential is not valid yet.',
  'validity-too-long': 'The credential claims to be valid longer than its scheme allows.',
  'time-not-hourly': 'The credential does not begin and end on the hour, as every credential must.',
  clock: 'The clock here is earlier than a time that was already seen signed: set the clock.',
  'sample-time': 'The sample of this status was taken after the status was issued, or not at a whole hour.',
  'binding-missing':
    'The proof that the holder has the key is missing: a copy or a cut-off code is not enough.',
  'binding-malformed': 'The proof that the holder has the key does not have the required form.',
  'binding-signature': 'The proof of possession was not made with the key of this credential.',
  'binding-hash': 'The proof of possession was made for another credential.',
  'binding-stale': 'The code is too old: show it afresh from the wallet.',
  'binding-future': 'The code lies in the future: check the clocks of both devices.',
  'binding-audience': 'The presentation was made for another audience: show it afresh for this place.',
  'binding-nonce': 'The presentation does not answer the nonce that was asked for.',
  'nonce-required': 'This place asks by a code of its own: scan that code first.',
  replayed: 'This very presentation was already shown here: show it afresh from the wallet.',
  bearer: 'This has no key: compare the portrait and the initials of a card, or the name on a label.',
  'bearer-not-allowed': 'The scheme does not allow credentials without a holder key.',
  'holders-differ':
    "The statuses that were shown together belong to different keys, so they may be two people's.",
  'replay-unknown': 'It could not be asked whether this was shown elsewhere just now: a person must decide.',
} as const;
