/** Of the codes of venues. */
export const VENUE = {
  'venue-code-malformed':
    'This is not the code of a venue, or it is damaged: scan the code that the venue shows.',
  'venue-code-expired': 'The code of the venue has expired: the venue shows a newer one.',
  'venue-code-future':
    'The code of the venue lies in the future: check the clock here, or wait until it begins.',
} as const;
