/**
 * The closed list of codes: every finding of a verdict and every error carries one of these and the requirement it enforces
 * (docs/spec). The code is API and stable; its sentence is not: texts/ has one for each.
 */

const DECODING = {
  'input-unreadable': 'REQ-DEC-001',
  'qr-none': 'REQ-DEC-002',
  'qr-several': 'REQ-DEC-003',
  'presentation-too-large': 'REQ-DEC-004',
  'presentation-unrecognised': 'REQ-DEC-005',
  'packing-version-unknown': 'REQ-DEC-006',
  'base45-malformed': 'REQ-DEC-007',
  'packing-truncated': 'REQ-DEC-008',
  'packing-malformed': 'REQ-DEC-009',
  'packing-not-canonical': 'REQ-DEC-010',
  'dictionary-unknown': 'REQ-DEC-011',
  'utf8-malformed': 'REQ-DEC-012',
  'json-malformed': 'REQ-DEC-013',
  'json-duplicate-name': 'REQ-DEC-014',
  'json-too-deep': 'REQ-DEC-015',
  'json-not-canonical': 'REQ-DEC-016',
  'base64url-malformed': 'REQ-DEC-017',
  'hex-malformed': 'REQ-DEC-018',
  'jwt-malformed': 'REQ-DEC-019',
  'type-unexpected': 'REQ-DEC-020',
  'claims-malformed': 'REQ-DEC-021',
  'disclosure-malformed': 'REQ-DEC-022',
  'disclosure-unreferenced': 'REQ-DEC-023',
  'context-unbundled': 'REQ-DEC-024',
  'instant-malformed': 'REQ-DEC-025',
  'id-malformed': 'REQ-DEC-026',
  'line-malformed': 'REQ-DEC-027',
} as const;

const AUTHENTICITY = {
  'issuer-unknown': 'REQ-KEY-001',
  'key-unknown': 'REQ-KEY-002',
  'key-use': 'REQ-KEY-003',
  'key-not-valid-then': 'REQ-KEY-004',
  'key-revoked': 'REQ-KEY-005',
  'key-malformed': 'REQ-KEY-006',
  'algorithm-none': 'REQ-KEY-007',
  'algorithm-mismatch': 'REQ-KEY-008',
  'key-file-malformed': 'REQ-KEY-009',
  'key-file-passphrase': 'REQ-KEY-010',
  'key-duplicate': 'REQ-KEY-011',
  'key-without-lead': 'REQ-KEY-012',
  'key-file-exposed': 'REQ-KEY-013',
  'key-uri-unsupported': 'REQ-KEY-014',
  'key-service-failed': 'REQ-KEY-015',
  'signature-invalid': 'REQ-SIG-001',
  'proof-malformed': 'REQ-SIG-002',
  'minted-check-failed': 'REQ-SIG-003',
} as const;

const TIME_AND_BINDING = {
  expired: 'REQ-TIM-001',
  'not-yet-valid': 'REQ-TIM-002',
  'validity-too-long': 'REQ-TIM-003',
  'time-not-hourly': 'REQ-TIM-004',
  clock: 'REQ-TIM-005',
  'sample-time': 'REQ-TIM-006',
  'binding-missing': 'REQ-BND-001',
  'binding-malformed': 'REQ-BND-002',
  'binding-signature': 'REQ-BND-003',
  'binding-hash': 'REQ-BND-004',
  'binding-stale': 'REQ-BND-005',
  'binding-future': 'REQ-BND-006',
  'binding-audience': 'REQ-BND-007',
  'binding-nonce': 'REQ-BND-008',
  'nonce-required': 'REQ-BND-009',
  replayed: 'REQ-BND-010',
  bearer: 'REQ-BND-011',
  'bearer-not-allowed': 'REQ-BND-012',
  'holders-differ': 'REQ-BND-013',
  'replay-unknown': 'REQ-BND-014',
} as const;

const STATUS_AND_RULE = {
  'status-revoked': 'REQ-STA-001',
  'status-suspended': 'REQ-STA-002',
  'status-contested': 'REQ-STA-003',
  'status-list-missing': 'REQ-STA-004',
  'status-list-expired': 'REQ-STA-005',
  'status-list-malformed': 'REQ-STA-006',
  'status-index': 'REQ-STA-007',
  'status-required': 'REQ-STA-008',
  'status-list-rollback': 'REQ-STA-009',
  'rule-unknown': 'REQ-RUL-001',
  'rule-not-in-force': 'REQ-RUL-002',
  'rule-level': 'REQ-RUL-003',
  'authority-unknown': 'REQ-RUL-004',
  'rule-mutated': 'REQ-RUL-005',
  'rule-set-malformed': 'REQ-RUL-006',
  'expression-forbidden': 'REQ-RUL-007',
  'expression-malformed': 'REQ-RUL-008',
  'expression-failed': 'REQ-RUL-009',
  'rule-without-lead': 'REQ-RUL-010',
} as const;

const ACCEPTANCE = {
  'scheme-unknown': 'REQ-REC-001',
  'level-unknown': 'REQ-REC-002',
  'not-recognised': 'REQ-REC-003',
  'level-not-mapped': 'REQ-REC-004',
  'recognition-condition': 'REQ-REC-005',
  'recognition-missing': 'REQ-REC-006',
  'recognition-loop': 'REQ-REC-007',
  'purpose-not-listed': 'REQ-ACC-001',
  'scheme-not-asked': 'REQ-ACC-002',
  'policy-not-met': 'REQ-ACC-003',
  'policy-malformed': 'REQ-ACC-004',
  'verdict-malformed': 'REQ-ACC-005',
} as const;

const REGISTRY = {
  'no-trust-anchor': 'REQ-REG-001',
  'metadata-malformed': 'REQ-REG-002',
  'metadata-too-large': 'REQ-REG-003',
  'metadata-signatures': 'REQ-REG-004',
  'metadata-rollback': 'REQ-REG-005',
  'metadata-expired': 'REQ-REG-006',
  'metadata-mismatch': 'REQ-REG-007',
  'metadata-missing': 'REQ-REG-008',
  'metadata-unreachable': 'REQ-REG-009',
  'delegation-bounds': 'REQ-REG-010',
  'target-unknown': 'REQ-REG-011',
  'role-overreach': 'REQ-REG-012',
  'root-mismatch': 'REQ-REG-013',
  'stale-warn': 'REQ-REG-014',
  'stale-refer': 'REQ-REG-015',
  'stale-block': 'REQ-REG-016',
  'region-expired': 'REQ-REG-017',
  'registry-expired': 'REQ-REG-018',
  'region-malformed': 'REQ-REG-019',
  'trust-file-malformed': 'REQ-BUN-004',
  'bundle-malformed': 'REQ-BUN-001',
  'bundle-too-large': 'REQ-BUN-002',
  'bundle-rollback': 'REQ-BUN-003',
  'publication-conflict': 'REQ-REG-020',
  'object-exists': 'REQ-REG-021',
  'dictionary-mutated': 'REQ-REG-022',
  'registry-stale': 'REQ-REG-023',
} as const;

const CEREMONY = {
  'event-malformed': 'REQ-CER-001',
  'threshold-unreachable': 'REQ-CER-002',
  'key-still-signing': 'REQ-CER-003',
  'region-name-used': 'REQ-CER-004',
  'no-key-left': 'REQ-CER-005',
  'region-unknown': 'REQ-CER-006',
  'region-exists': 'REQ-CER-007',
  'change-empty': 'REQ-CER-008',
  'signer-unknown': 'REQ-CER-009',
  'key-taken-back': 'REQ-CER-010',
  'event-unsigned': 'REQ-CER-011',
  'event-published': 'REQ-CER-012',
  'key-absent': 'REQ-CER-013',
  'lead-shortened': 'REQ-CER-014',
  'version-signed': 'REQ-CER-015',
} as const;

const DOCTOR = {
  'ends-soon': 'REQ-DOC-001',
  ended: 'REQ-DOC-002',
  'keys-few': 'REQ-DOC-003',
  'successor-missing': 'REQ-DOC-004',
  'delegation-order': 'REQ-DOC-005',
  'endpoint-unreachable': 'REQ-DOC-006',
  'endpoint-disagrees': 'REQ-DOC-007',
  'list-stale': 'REQ-DOC-008',
} as const;

const ISSUING = {
  'request-malformed': 'REQ-ISS-001',
  'request-too-large': 'REQ-ISS-002',
  unauthenticated: 'REQ-ISS-003',
  forbidden: 'REQ-ISS-004',
  'subject-unknown': 'REQ-ISS-005',
  'subject-conflict': 'REQ-ISS-006',
  'fact-malformed': 'REQ-ISS-007',
  'fact-conflict': 'REQ-ISS-023',
  'too-many-minted': 'REQ-ISS-024',
  'no-decision': 'REQ-ISS-008',
  'nonce-invalid': 'REQ-ISS-009',
  'possession-invalid': 'REQ-ISS-010',
  'possession-duplicate': 'REQ-ISS-011',
  'batch-too-large': 'REQ-ISS-012',
  'format-unsupported': 'REQ-ISS-013',
  'decision-conflict': 'REQ-ISS-014',
  'configuration-malformed': 'REQ-ISS-015',
  'status-list-full': 'REQ-ISS-016',
  'issuer-key-unavailable': 'REQ-ISS-017',
  'storage-failed': 'REQ-ISS-018',
  'not-found': 'REQ-ISS-019',
  'method-not-allowed': 'REQ-ISS-020',
  'credential-missing': 'REQ-ISS-022',
  'content-type-unsupported': 'REQ-ISS-025',
  'registry-too-old': 'REQ-ISS-026',
  'source-unknown': 'REQ-ISS-027',
  'statement-invalid': 'REQ-ISS-028',
  'operator-unknown': 'REQ-ISS-029',
  'same-operator': 'REQ-ISS-030',
  'release-refused': 'REQ-ISS-031',
  'subject-merged': 'REQ-ISS-032',
  'proposal-unknown': 'REQ-ISS-033',
  'proposal-closed': 'REQ-ISS-034',
  'fact-unknown': 'REQ-ISS-035',
  'batch-conflict': 'REQ-ISS-036',
  'decision-unlogged': 'REQ-ISS-037',
  'burst-unknown': 'REQ-ISS-038',
  'decision-not-adverse': 'REQ-ISS-039',
  'batch-unknown': 'REQ-ISS-040',
  'approval-required': 'REQ-ISS-041',
  'internal-error': 'REQ-ISS-021',
} as const;

const VENUE = {
  'venue-code-malformed': 'REQ-VEN-001',
  'venue-code-expired': 'REQ-VEN-002',
  'venue-code-future': 'REQ-VEN-003',
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
  ...VENUE,
} as const satisfies Readonly<Record<string, `REQ-${string}`>>;

export type Code = keyof typeof TABLE;

export const CODES = Object.keys(TABLE).filter(isCode);

export function isCode(text: string): text is Code {
  return Object.hasOwn(TABLE, text);
}

export function requirementOf(code: Code): string {
  return TABLE[code];
}
