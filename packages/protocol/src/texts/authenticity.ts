/** Of keys, signatures and key files. */
export const AUTHENTICITY = {
  'issuer-unknown':
    'The issuer is not a region of this federation, or its file is missing from the trust bundle: refresh the bundle.',
  'key-unknown':
    'The region does not publish this key: refresh the trust bundle; if it stays unknown, what it signed is not genuine.',
  'key-use': 'The key is published for another use.',
  'key-not-valid-then': 'The key was not valid at the time that is given for the signature.',
  'key-revoked':
    'The key was revoked, which ends all that it signed: the holder of a credential gets a new one by refreshing the wallet.',
  'key-malformed': 'A public key does not have the form of a P-256 or Ed25519 key.',
  'algorithm-none': 'There is no signature (algorithm none), so nothing shows who made this.',
  'algorithm-mismatch': 'The signature names another algorithm than the one registered for the key.',
  'key-file-malformed': 'The key file is damaged or not a Symbolon key file.',
  'key-file-passphrase': 'The passphrase does not open this key file.',
  'key-duplicate': 'Two keys have the same kid: make another key.',
  'key-without-lead':
    'The key was published too shortly before it signs: it counts only after the lead time that every new key has.',
  'key-file-exposed':
    'Other users of this machine can read this secret file: take their rights away (chmod 600).',
  'key-uri-unsupported':
    'Keys of this kind are not supported here: give a key file (*.jwe) or awskms:///KEY.',
  'key-service-failed':
    'The key service did not answer as expected: check the address of the key, and your rights there.',
  'signature-invalid':
    'The signature does not match: this was altered, misread or never signed by this region.',
  'proof-malformed': 'The Data Integrity proof is missing or does not have the required form.',
  'minted-check-failed':
    'A freshly signed credential did not verify: nothing was handed out. Check the signer.',
} as const;
