/** Of recognition and of the policy of a place. */
export const ACCEPTANCE = {
  'scheme-unknown': 'The federation has no scheme of this name and version: refresh the trust bundle.',
  'level-unknown': 'The scheme has no level of this name.',
  'not-recognised': 'This region does not recognise the issuer for this scheme.',
  'level-not-mapped': 'This region does not say what this level of the issuer counts as.',
  'recognition-condition': 'The status does not meet the condition under which this region recognises it.',
  'recognition-missing': 'The recognition file of this region is not in the trust bundle.',
  'recognition-loop':
    'The status was exchanged for one of its own region, or of this one, so it says nothing new: show the first one.',
  'purpose-not-listed': 'The scheme may not be used for this purpose.',
  'scheme-not-asked': 'The policy does not ask for this scheme.',
  'policy-not-met': "What was shown does not meet this place's policy.",
  'policy-malformed': 'The acceptance policy does not have the required form or does not compile.',
  'verdict-malformed': 'This is not a verdict as the published schema describes it.',
} as const;
