/** Of issuers and their functions. */
export const ISSUING = {
  'request-malformed': 'The request does not have the required form.',
  'request-too-large': 'The request is larger than allowed.',
  unauthenticated: 'The request carries no valid token.',
  forbidden: 'The token does not allow this.',
  'subject-unknown': 'There is no such subject here.',
  'subject-conflict': 'The identifiers belong to different subjects.',
  'fact-malformed': 'A fact does not have the form that its scheme declares.',
  'fact-conflict':
    'There is another fact under this id already: a fact is never rewritten. Report it under an id of its own.',
  'too-many-minted':
    'As many credentials were minted for this subject in this hour as may be: use those, or ask again in the next hour.',
  'no-decision': 'No published rule gives this subject a level, so there is no status to issue.',
  'nonce-invalid': 'The nonce is unknown, used or expired: ask for a new one.',
  'possession-invalid': 'A proof of possession is invalid.',
  'possession-duplicate': 'Two credentials of a batch need two different holder keys.',
  'batch-too-large': 'The batch asks for more credentials than allowed.',
  'format-unsupported': 'The credential format is not offered here.',
  'decision-conflict': 'The decision was overtaken by another one: try again.',
  'configuration-malformed': 'The configuration is incomplete or wrong.',
  'status-list-full': 'The status lists of this hour are full.',
  'issuer-key-unavailable': 'No issuing key of this region is valid now: rotate the keys.',
  'storage-failed': 'The storage did not answer as expected: try again.',
  'not-found': 'There is nothing at this address.',
  'method-not-allowed': 'This address does not take this method.',
  'credential-missing': 'The wallet holds no such credential: get a batch with "symbolon holder request".',
  'content-type-unsupported': 'This address takes a body of another type: send JSON, as application/json.',
  'registry-too-old':
    'The registry has not been reached for so long that no verifier would accept what is issued: restore it.',
  'source-unknown':
    'Facts come from a source that the region has not registered for their type, or from a key that is not its own.',
  'statement-invalid':
    'A signed statement does not have its form, is too old or from the future, or is not signed by the key that it names.',
  'operator-unknown':
    'The region does not list this key among the operators of this office, or not with this role.',
  'same-operator': 'One operator has acted twice: the second approval takes another one.',
  'release-refused':
    'What the guard holds is released by two overseers above the region, and never by whoever decided.',
  'subject-merged': 'This subject was merged into another one: nothing is decided here any more.',
  'proposal-unknown': 'There is no such proposal.',
  'proposal-closed': 'This proposal was settled before, or has waited too long.',
  'fact-unknown': 'A source takes back a fact that it has not reported.',
  'batch-conflict': 'Another batch was sent under this id before, or it was refused.',
  'decision-unlogged': 'The decision is not in the log yet: ask again.',
  'burst-unknown': 'There is nothing held under this name.',
  'decision-not-adverse':
    'A decision by hand is for adverse levels of a rule in force: a favourable one follows from the facts.',
  'batch-unknown': 'No such batch of facts waits for a second operator.',
  'approval-required':
    'This would turn someone adverse by hand: it takes the signature of a second operator.',
  'internal-error': 'Something failed here. The incident is recorded.',
} as const;
