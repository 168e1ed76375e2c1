/** Of status lists and of the rules behind a status. */
export const STATUS_AND_RULE = {
  'status-revoked': 'The credential was revoked.',
  'status-suspended': 'The credential is suspended: the wallet holds or will get a newer status.',
  'status-contested': 'The holder has contested this status, and the authority has not answered in time.',
  'status-list-missing': 'The status list of this credential is not in the trust bundle: refresh the bundle.',
  'status-list-expired': 'The status list has expired and is not read any more: refresh the bundle.',
  'status-list-malformed': 'The status list is damaged, signed wrongly, or not the one it should be.',
  'status-index': 'The credential points outside its status list.',
  'status-required': 'A credential of this scheme and length must have a status, and this one has none.',
  'status-list-rollback': 'The status list is older than one seen before.',
  'rule-unknown': 'The region has not published the rule that this status names.',
  'rule-not-in-force': 'The rule that this status names was not in force when it was issued.',
  'rule-level': 'The rule that this status names gives another level.',
  'authority-unknown': 'The region does not list the authority that this status names, or not for this rule.',
  'rule-mutated':
    'A published rule was changed under its version: do not rely on this region until its admins explain it.',
  'rule-set-malformed': 'The rule set does not compile.',
  'expression-forbidden': 'The expression uses something that rules and policies must not use.',
  'expression-malformed': 'The expression does not compile against the declared types.',
  'expression-failed': 'The expression could not be evaluated on this input.',
  'rule-without-lead':
    'A rule comes into force sooner after its publication than the federation allows, or did so before.',
} as const;
