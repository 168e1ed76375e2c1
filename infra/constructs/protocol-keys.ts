import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { type Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { keptKey } from './kept-key.ts';
import type { NarrowRole } from './narrow-role.ts';

/** The kinds of key of the protocol, and all that a function does with one (packages/aws, kms). */
const KINDS = {
  /** ES256. KMS makes it and never gives it away; rotation is a new key, published first. */
  signing: {
    keySpec: KeySpec.ECC_NIST_P256,
    keyUsage: KeyUsage.SIGN_VERIFY,
    uses: ['kms:GetPublicKey', 'kms:Sign'],
    rotates: false,
  },
  /** Ed25519, as notes of logs and witnesses ask. Its public half is pinned for years. */
  notes: {
    keySpec: KeySpec.ECC_NIST_EDWARDS25519,
    keyUsage: KeyUsage.SIGN_VERIFY,
    uses: ['kms:GetPublicKey', 'kms:Sign'],
    rotates: false,
  },
  /** Another key would be another index for the same identifier, so this one lasts. */
  'blind-index': {
    keySpec: KeySpec.HMAC_256,
    keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
    uses: ['kms:GenerateMac'],
    rotates: false,
  },
  /** KMS keeps its old versions, so what was sealed before still opens. */
  sealing: {
    keySpec: KeySpec.SYMMETRIC_DEFAULT,
    keyUsage: KeyUsage.ENCRYPT_DECRYPT,
    uses: ['kms:Decrypt', 'kms:Encrypt'],
    rotates: true,
  },
} as const;

export interface ProtocolKeysProps {
  readonly kind: keyof typeof KINDS;
  /** A key each. A new name is a new key; a name that goes leaves its key behind, unused. */
  readonly names: readonly string[];
  /** Their aliases are `alias/<folder>/<name>`. */
  readonly folder: string;
  readonly description: string;
  /** The one function that uses them, as a rule, and what for. */
  readonly usedBy: readonly NarrowRole[];
  readonly to: string;
}

/**
 * Keys of one purpose. The account administers them, and their own policy names who uses them, so no policy elsewhere in the account, an
 * administrator's included, lets anyone else sign or decrypt. To change this, the key's policy must be changed, which CloudTrail records.
 * They outlive their stack: with a key goes what it sealed or signed.
 */
export class ProtocolKeys extends Construct {
  readonly keys: readonly Key[];

  constructor(scope: Construct, id: string, props: ProtocolKeysProps) {
    super(scope, id);
    const { uses, rotates, ...kind } = KINDS[props.kind];
    this.keys = props.names.map((name) =>
      keptKey(this, name, {
        ...kind,
        ...(rotates ? { enableKeyRotation: true } : {}),
        alias: `${props.folder}/${name}`,
        description: props.description,
        uses: [
          {
            sid: 'OnlyTheseUseIt',
            by: props.usedBy.map(({ roleArn }) => new ArnPrincipal(roleArn)),
            actions: uses,
          },
        ],
      }),
    );
    const on = this.keys.map(({ keyArn }) => keyArn);
    for (const role of props.usedBy) role.may({ to: props.to, actions: uses, on });
  }

  /** As adapters read them, separated by commas (protocol, section 11). */
  get uris(): string {
    return this.keys.map(({ keyArn }) => `awskms:///${keyArn}`).join(',');
  }
}
