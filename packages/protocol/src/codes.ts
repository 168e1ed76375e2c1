/**
 * The closed list of codes: every finding of a verdict and every error carries one of these and the requirement it enforces
 * (docs/spec). The code is API and stable; the sentence is not.
 *
 * A sentence says what is wrong and what to do. It never contains input.
 */

const DECODING = {
  'input-unreadable': [
    'REQ-DEC-001',
    'The input cannot be read as an image or a text: give a PNG or JPEG image, a SYM1: text, an SD-JWT or a JSON-LD credential.',
  ],
  'qr-none': [
    'REQ-DEC-002',
    'No QR code was found in the image: move closer, and keep the whole code with its white border in view.',
  ],
  'qr-several': [
    'REQ-DEC-003',
    'The image shows more than one QR code: show exactly one, so that it is clear which one was checked.',
  ],
  'presentation-too-large': ['REQ-DEC-004', 'The presentation is larger than the protocol allows.'],
  'presentation-unrecognised': [
    'REQ-DEC-005',
    'This is not a Symbolon presentation: expected a SYM1: text, an SD-JWT or a JSON-LD credential.',
  ],
  'packing-version-unknown': [
    'REQ-DEC-006',
    'The QR text uses a packing version that this verifier does not know: update the verifier.',
  ],
  'base45-malformed': [
    'REQ-DEC-007',
    'The QR text is not valid base45: it was misread or altered. Scan it again.',
  ],
  'packing-truncated': ['REQ-DEC-008', 'The QR text ends too early: it was cut off. Scan it again.'],
  'packing-malformed': [
    'REQ-DEC-009',
    'The packed content does not have the form of a presentation: it was misread or altered.',
  ],
  'packing-not-canonical': [
    'REQ-DEC-010',
    'The presentation was packed in another way than the one the protocol prescribes.',
  ],
  'dictionary-unknown': [
    'REQ-DEC-011',
    'The QR text uses names from a newer dictionary: refresh the trust bundle.',
  ],
  'utf8-malformed': ['REQ-DEC-012', 'The text is not valid UTF-8.'],
  'json-malformed': ['REQ-DEC-013', 'The text is not valid JSON.'],
  'json-duplicate-name': ['REQ-DEC-014', 'A JSON object has the same name twice, or a forbidden one.'],
  'json-too-deep': ['REQ-DEC-015', 'The JSON is nested deeper than the protocol allows.'],
  'json-not-canonical': [
    'REQ-DEC-016',
    'The JSON holds a number that has no canonical form: only whole numbers are allowed.',
  ],
  'base64url-malformed': ['REQ-DEC-017', 'A part is not canonical, unpadded base64url.'],
  'hex-malformed': ['REQ-DEC-018', 'A part is not lower-case hexadecimal.'],
  'jwt-malformed': ['REQ-DEC-019', 'The token does not have the form header.payload.signature.'],
  'type-unexpected': ['REQ-DEC-020', 'The token is of another type than the one expected here.'],
  'claims-malformed': ['REQ-DEC-021', 'The credential lacks a required claim or has one of the wrong form.'],
  'disclosure-malformed': ['REQ-DEC-022', 'A disclosure does not have the form that SD-JWT requires.'],
  'disclosure-unreferenced': [
    'REQ-DEC-023',
    'A disclosure does not belong to this credential, or is shown twice.',
  ],
  'context-unbundled': [
    'REQ-DEC-024',
    'The credential names a JSON-LD context that is not bundled here: contexts are never fetched.',
  ],
  'instant-malformed': [
    'REQ-DEC-025',
    'A time does not have the form YYYY-MM-DDTHH:MM:SSZ, or is out of range.',
  ],
  'id-malformed': ['REQ-DEC-026', 'An id does not have the form that the protocol requires.'],
} as const;

const AUTHENTICITY = {
  'issuer-unknown': [
    'REQ-KEY-001',
    'The issuer is not a region of this federation, or its file is missing from the trust bundle: refresh the bundle.',
  ],
  'key-unknown': [
    'REQ-KEY-002',
    'The region does not publish this key: refresh the trust bundle; if it stays unknown, the credential is not genuine.',
  ],
  'key-use': ['REQ-KEY-003', 'The key is published for another use.'],
  'key-not-valid-then': ['REQ-KEY-004', 'The key was not valid when the credential says it was signed.'],
  'key-revoked': [
    'REQ-KEY-005',
    'The key was revoked, which ends every credential that it signed: the holder gets a new one by refreshing the wallet.',
  ],
  'key-malformed': ['REQ-KEY-006', 'A public key does not have the form of a P-256 or Ed25519 key.'],
  'algorithm-none': ['REQ-KEY-007', 'The credential is not signed (algorithm none).'],
  'algorithm-mismatch': [
    'REQ-KEY-008',
    'The credential names another algorithm than the one registered for the key.',
  ],
  'key-file-malformed': ['REQ-KEY-009', 'The key file is damaged or not a Symbolon key file.'],
  'key-file-passphrase': ['REQ-KEY-010', 'The passphrase does not open this key file.'],
  'key-duplicate': ['REQ-KEY-011', 'Two keys have the same kid: make another key.'],
  'key-without-lead': [
    'REQ-KEY-012',
    'The key was published too shortly before it signs: it counts only after the lead time that every new key has.',
  ],
  'key-file-exposed': [
    'REQ-KEY-013',
    'Other users of this machine can read this secret file: take their rights away (chmod 600).',
  ],
  'key-uri-unsupported': [
    'REQ-KEY-014',
    'Keys of this kind are not supported here: give a key file (*.jwe) or awskms:///KEY.',
  ],
  'key-service-failed': [
    'REQ-KEY-015',
    'The key service did not answer as expected: check the address of the key, and your rights there.',
  ],
  'signature-invalid': [
    'REQ-SIG-001',
    'The signature does not match: the credential was altered, misread or never signed by this region.',
  ],
  'proof-malformed': [
    'REQ-SIG-002',
    'The Data Integrity proof is missing or does not have the required form.',
  ],
  'minted-check-failed': [
    'REQ-SIG-003',
    'A freshly signed credential did not verify: nothing was handed out. Check the signer.',
  ],
} as const;

const TIME_AND_BINDING = {
  expired: ['REQ-TIM-001', 'The credential has expired: the holder gets a new one by refreshing the wallet.'],
  'not-yet-valid': ['REQ-TIM-002', 'The credential is not valid yet.'],
  'validity-too-long': ['REQ-TIM-003', 'The credential claims to be valid longer than its scheme allows.'],
  'time-not-hourly': [
    'REQ-TIM-004',
    'The credential does not begin and end on the hour, as every credential must.',
  ],
  clock: [
    'REQ-TIM-005',
    'The clock here is earlier than a time that was already seen signed: set the clock.',
  ],
  'sample-time': [
    'REQ-TIM-006',
    'The sample of this status was taken after the status was issued, or not at a whole hour.',
  ],
  'binding-missing': [
    'REQ-BND-001',
    'The proof that the holder has the key is missing: a copy or a cut-off code is not enough.',
  ],
  'binding-malformed': [
    'REQ-BND-002',
    'The proof that the holder has the key does not have the required form.',
  ],
  'binding-signature': [
    'REQ-BND-003',
    'The proof of possession was not made with the key of this credential.',
  ],
  'binding-hash': ['REQ-BND-004', 'The proof of possession was made for another credential.'],
  'binding-stale': ['REQ-BND-005', 'The code is too old: show it afresh from the wallet.'],
  'binding-future': ['REQ-BND-006', 'The code lies in the future: check the clocks of both devices.'],
  'binding-audience': ['REQ-BND-007', 'The presentation was made for another audience.'],
  'binding-nonce': ['REQ-BND-008', 'The presentation does not answer the nonce that was asked for.'],
  'nonce-required': [
    'REQ-BND-009',
    'This place requires an answer to its own code: scan the code of the venue first.',
  ],
  replayed: ['REQ-BND-010', 'This very presentation was already shown here: show it afresh from the wallet.'],
  bearer: ['REQ-BND-011', 'This is a card without a key: compare the portrait and the initials.'],
  'bearer-not-allowed': ['REQ-BND-012', 'The scheme does not allow credentials without a holder key.'],
} as const;

const STATUS_AND_RULE = {
  'status-revoked': ['REQ-STA-001', 'The credential was revoked.'],
  'status-suspended': [
    'REQ-STA-002',
    'The credential is suspended: the wallet holds or will get a newer status.',
  ],
  'status-contested': [
    'REQ-STA-003',
    'The holder has contested this status, and the authority has not answered in time.',
  ],
  'status-list-missing': [
    'REQ-STA-004',
    'The status list of this credential is not in the trust bundle: refresh the bundle.',
  ],
  'status-list-expired': [
    'REQ-STA-005',
    'The status list has expired and is not read any more: refresh the bundle.',
  ],
  'status-list-malformed': [
    'REQ-STA-006',
    'The status list is damaged, signed wrongly, or not the one it should be.',
  ],
  'status-index': ['REQ-STA-007', 'The credential points outside its status list.'],
  'status-required': [
    'REQ-STA-008',
    'A credential of this scheme and length must have a status, and this one has none.',
  ],
  'status-list-rollback': ['REQ-STA-009', 'The status list is older than one seen before.'],
  'rule-unknown': ['REQ-RUL-001', 'The region has not published the rule that this status names.'],
  'rule-not-in-force': [
    'REQ-RUL-002',
    'The rule that this status names was not in force when it was issued.',
  ],
  'rule-level': ['REQ-RUL-003', 'The rule that this status names gives another level.'],
  'authority-unknown': [
    'REQ-RUL-004',
    'The region does not list the authority that this status names, or not for this rule.',
  ],
  'rule-mutated': [
    'REQ-RUL-005',
    'A published rule was changed under its version: do not rely on this region until its admins explain it.',
  ],
  'rule-set-malformed': ['REQ-RUL-006', 'The rule set does not compile.'],
  'expression-forbidden': [
    'REQ-RUL-007',
    'The expression uses something that rules and policies must not use.',
  ],
  'expression-malformed': ['REQ-RUL-008', 'The expression does not compile against the declared types.'],
  'expression-failed': ['REQ-RUL-009', 'The expression could not be evaluated on this input.'],
  'rule-without-lead': [
    'REQ-RUL-010',
    'A rule comes into force sooner after its publication than the federation allows, or did so before.',
  ],
} as const;

const ACCEPTANCE = {
  'scheme-unknown': [
    'REQ-REC-001',
    'The federation has no scheme of this name and version: refresh the trust bundle.',
  ],
  'level-unknown': ['REQ-REC-002', 'The scheme has no level of this name.'],
  'not-recognised': ['REQ-REC-003', 'This region does not recognise the issuer for this scheme.'],
  'level-not-mapped': ['REQ-REC-004', 'This region does not say what this level of the issuer counts as.'],
  'recognition-condition': [
    'REQ-REC-005',
    'The status does not meet the condition under which this region recognises it.',
  ],
  'recognition-missing': ['REQ-REC-006', 'The recognition file of this region is not in the trust bundle.'],
  'purpose-not-listed': ['REQ-ACC-001', 'The scheme may not be used for this purpose.'],
  'scheme-not-asked': ['REQ-ACC-002', 'The policy does not ask for this scheme.'],
  'policy-not-met': [
    'REQ-ACC-003',
    'The status is genuine and fresh, but the policy of this place does not accept it.',
  ],
  'policy-malformed': [
    'REQ-ACC-004',
    'The acceptance policy does not have the required form or does not compile.',
  ],
} as const;

const REGISTRY = {
  'no-trust-anchor': [
    'REQ-REG-001',
    'There is no pinned root: nothing can be verified. Run "symbolon trust init URL --sha256 HEX" or give --root FILE.',
  ],
  'metadata-malformed': ['REQ-REG-002', 'A registry file does not have the form that TUF requires.'],
  'metadata-too-large': ['REQ-REG-003', 'A registry file is larger than allowed.'],
  'metadata-signatures': [
    'REQ-REG-004',
    'A registry file is not signed by enough of the keys that may sign it.',
  ],
  'metadata-rollback': [
    'REQ-REG-005',
    'A registry file is older than one seen before: it is refused. If you restored a backup, get the current files.',
  ],
  'metadata-expired': ['REQ-REG-006', 'A registry file has expired.'],
  'metadata-mismatch': [
    'REQ-REG-007',
    'A registry file has another version, length or hash than its parent says.',
  ],
  'metadata-missing': ['REQ-REG-008', 'A registry file is missing.'],
  'metadata-unreachable': [
    'REQ-REG-009',
    'The registry could not be reached: verification goes on with what is stored; try again later.',
  ],
  'delegation-bounds': ['REQ-REG-010', 'The registry delegates deeper or wider than allowed.'],
  'target-unknown': ['REQ-REG-011', 'The registry has no file of this name.'],
  'role-overreach': [
    'REQ-REG-012',
    'The registry carries a file of a region that another role signed: the whole registry is refused.',
  ],
  'root-mismatch': [
    'REQ-REG-013',
    'The root is not the one that was pinned. To trust another registry, keep it in a folder of its own (--trust).',
  ],
  'stale-warn': ['REQ-REG-014', 'The trust bundle is older than it should be: refresh it soon.'],
  'stale-refer': ['REQ-REG-015', 'The trust bundle is so old that a person must decide: refresh it.'],
  'stale-block': ['REQ-REG-016', 'The trust bundle is too old to rely on: refresh it.'],
  'region-expired': ['REQ-REG-017', 'The files of this region have expired: a person must decide.'],
  'registry-expired': [
    'REQ-REG-018',
    'The root or targets file of the registry has expired: a person must decide.',
  ],
  'region-malformed': ['REQ-REG-019', 'A file of this region in the registry is damaged or missing.'],
  'trust-file-malformed': [
    'REQ-BUN-004',
    'A file of the trust folder is damaged. Nothing is believed without it: remove the folder, and pin the registry again with "symbolon trust init".',
  ],
  'bundle-malformed': ['REQ-BUN-001', 'The trust bundle is damaged: fetch it again.'],
  'bundle-too-large': ['REQ-BUN-002', 'The trust bundle is larger than allowed.'],
  'bundle-rollback': [
    'REQ-BUN-003',
    'The trust bundle is older than one seen before: it is refused. Fetch the current one.',
  ],
  'publication-conflict': [
    'REQ-REG-020',
    'Another publication came first: read what it changed, then sign again.',
  ],
  'object-exists': ['REQ-REG-021', 'A file of this name is already there with other content.'],
  'dictionary-mutated': [
    'REQ-REG-022',
    'The dictionary is append-only: a number was dropped or given another name. Append the new names instead.',
  ],
  'registry-stale': [
    'REQ-REG-023',
    'The registry was last signed longer ago than it should be: nothing is signed on top of it.',
  ],
} as const;

const CEREMONY = {
  'event-malformed': ['REQ-CER-001', 'The signing event is damaged, or the folder is not one.'],
  'threshold-unreachable': [
    'REQ-CER-002',
    'The role would have fewer keys than must sign, and nobody could sign it any more: add keys or lower the threshold.',
  ],
  'key-still-signing': [
    'REQ-CER-003',
    'The key still signs, or what it signed is still valid: wait until it has ended, or revoke it.',
  ],
  'region-name-used': [
    'REQ-CER-004',
    'There was a region of this name before, and its old files would count again: take another name.',
  ],
  'no-key-left': [
    'REQ-CER-005',
    'The region would have no key that verifiers know: publish the next key first, and wait for its lead time.',
  ],
  'region-unknown': ['REQ-CER-006', 'There is no region of this name in the registry.'],
  'region-exists': ['REQ-CER-007', 'There is a region of this name in the registry already.'],
  'change-empty': ['REQ-CER-008', 'Nothing would change, so there is nothing to sign.'],
  'signer-unknown': ['REQ-CER-009', 'No file of this event can be signed with this key.'],
  'key-taken-back': [
    'REQ-CER-010',
    'A published key was given other times or another use, or its revocation was taken back: publish a new key instead.',
  ],
  'event-unsigned': ['REQ-CER-011', 'Not enough admins have signed this event yet.'],
  'event-published': ['REQ-CER-012', 'This event was published already: there is nothing left to do.'],
  'key-absent': [
    'REQ-CER-013',
    'The role or the region has no such key: look up the kid with "symbolon registry status".',
  ],
  'lead-shortened': [
    'REQ-CER-014',
    'Verifiers that hold the older policy would meet keys that they do not know: keep the old lead with "leadUntil" for as long as it was.',
  ],
  'version-signed': [
    'REQ-CER-015',
    'Another file of this version was signed here before, and no second one is: publish a version by hand.',
  ],
} as const;

const DOCTOR = {
  'ends-soon': ['REQ-DOC-001', 'It ends soon: sign it anew, or publish the next key, before that.'],
  ended: ['REQ-DOC-002', 'It has ended: sign it anew, or publish the next key, now.'],
  'keys-few': [
    'REQ-DOC-003',
    'The role has no key to spare: one more that is lost, and nobody can sign it. Add a key.',
  ],
  'successor-missing': [
    'REQ-DOC-004',
    'The next key is not published, and without it the region stops issuing: publish it in time for its lead.',
  ],
  'delegation-order': [
    'REQ-DOC-005',
    'The delegations of this region are not in the order that clients need, so its files are not found: delegate it again.',
  ],
  'endpoint-unreachable': [
    'REQ-DOC-006',
    'A service of this region does not answer at the address that the region published.',
  ],
  'endpoint-disagrees': [
    'REQ-DOC-007',
    'A service of this region gives out what the published keys do not vouch for: find out who signs there.',
  ],
  'list-stale': ['REQ-DOC-008', 'A status list of this region is not renewed: start its publication again.'],
} as const;

const ISSUING = {
  'request-malformed': ['REQ-ISS-001', 'The request does not have the required form.'],
  'request-too-large': ['REQ-ISS-002', 'The request is larger than allowed.'],
  unauthenticated: ['REQ-ISS-003', 'The request carries no valid token.'],
  forbidden: ['REQ-ISS-004', 'The token does not allow this.'],
  'subject-unknown': ['REQ-ISS-005', 'There is no such subject here.'],
  'subject-conflict': ['REQ-ISS-006', 'The identifiers belong to different subjects.'],
  'fact-malformed': ['REQ-ISS-007', 'A fact does not have the form that its scheme declares.'],
  'fact-conflict': [
    'REQ-ISS-023',
    'There is another fact under this id already: a fact is never rewritten. Report it under an id of its own.',
  ],
  'too-many-minted': [
    'REQ-ISS-024',
    'As many credentials were minted for this subject in this hour as may be: use those, or ask again in the next hour.',
  ],
  'no-decision': [
    'REQ-ISS-008',
    'No published rule gives this subject a level, so there is no status to issue.',
  ],
  'nonce-invalid': ['REQ-ISS-009', 'The nonce is unknown, used or expired: ask for a new one.'],
  'possession-invalid': ['REQ-ISS-010', 'A proof of possession is invalid.'],
  'possession-duplicate': ['REQ-ISS-011', 'Two credentials of a batch need two different holder keys.'],
  'batch-too-large': ['REQ-ISS-012', 'The batch asks for more credentials than allowed.'],
  'format-unsupported': ['REQ-ISS-013', 'The credential format is not offered here.'],
  'decision-conflict': ['REQ-ISS-014', 'The decision was overtaken by another one: try again.'],
  'configuration-malformed': ['REQ-ISS-015', 'The configuration is incomplete or wrong.'],
  'status-list-full': ['REQ-ISS-016', 'The status lists of this hour are full.'],
  'issuer-key-unavailable': ['REQ-ISS-017', 'No issuing key of this region is valid now: rotate the keys.'],
  'storage-failed': ['REQ-ISS-018', 'The storage did not answer as expected: try again.'],
  'not-found': ['REQ-ISS-019', 'There is nothing at this address.'],
  'method-not-allowed': ['REQ-ISS-020', 'This address does not take this method.'],
  'credential-missing': [
    'REQ-ISS-022',
    'The wallet holds no such credential: get a batch with "symbolon holder request".',
  ],
  'content-type-unsupported': [
    'REQ-ISS-025',
    'This address takes a body of another type: send JSON, as application/json.',
  ],
  'registry-too-old': [
    'REQ-ISS-026',
    'The registry has not been reached for so long that no verifier would accept what is issued: restore it.',
  ],
  'source-unknown': [
    'REQ-ISS-027',
    'Facts come from a source that the region has not registered for their type, or from a key that is not its own.',
  ],
  'statement-invalid': [
    'REQ-ISS-028',
    'A signed statement does not have its form, is too old or from the future, or is not signed by the key that it names.',
  ],
  'operator-unknown': [
    'REQ-ISS-029',
    'The region does not list this key among the operators of this office, or not with this role.',
  ],
  'same-operator': ['REQ-ISS-030', 'One operator has acted twice: the second approval takes another one.'],
  'release-refused': [
    'REQ-ISS-031',
    'What the guard holds is released by two overseers above the region, and never by whoever decided.',
  ],
  'subject-merged': [
    'REQ-ISS-032',
    'This subject was merged into another one: nothing is decided here any more.',
  ],
  'proposal-unknown': ['REQ-ISS-033', 'There is no such proposal.'],
  'proposal-closed': ['REQ-ISS-034', 'This proposal was settled before, or has waited too long.'],
  'fact-unknown': ['REQ-ISS-035', 'A source takes back a fact that it has not reported.'],
  'batch-conflict': ['REQ-ISS-036', 'Another batch was sent under this id before, or it was refused.'],
  'decision-unlogged': ['REQ-ISS-037', 'The decision is not in the log yet: ask again.'],
  'burst-unknown': ['REQ-ISS-038', 'There is nothing held under this name.'],
  'decision-not-adverse': [
    'REQ-ISS-039',
    'A decision by hand is for adverse levels of a rule in force: a favourable one follows from the facts.',
  ],
  'batch-unknown': ['REQ-ISS-040', 'No such batch of facts waits for a second operator.'],
  'approval-required': [
    'REQ-ISS-041',
    'This would turn someone adverse by hand: it takes the signature of a second operator.',
  ],
  'internal-error': ['REQ-ISS-021', 'Something failed here. The incident is recorded.'],
} as const;

const TABLE = {
  ...DECODING,
  ...AUTHENTICITY,
  ...TIME_AND_BINDING,
  ...STATUS_AND_RULE,
  ...ACCEPTANCE,
  ...REGISTRY,
  ...CEREMONY,
  ...DOCTOR,
  ...ISSUING,
} as const satisfies Record<string, readonly [requirement: string, text: string]>;

export type Code = keyof typeof TABLE;

export const CODES = Object.keys(TABLE).filter(isCode);

export function isCode(text: string): text is Code {
  return Object.hasOwn(TABLE, text);
}

export function textOf(code: Code): string {
  return TABLE[code][1];
}

export function requirementOf(code: Code): string {
  return TABLE[code][0];
}
