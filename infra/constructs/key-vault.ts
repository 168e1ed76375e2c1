import { EPOCH_USES, epochKeyContext, epochKeyFile } from '@symbolon/aws/kms/epoch-key-context';
import { LAST_SIGNED } from '@symbolon/functions/key-epoch/signing-memory';
import { REGISTRY_COPY } from '@symbolon/functions/runtime/registry-copy';
import { ArnPrincipal, type Condition } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ClosedFiles, type FilePermission } from './closed-files.ts';
import { keptKey, keyPermission } from './kept-key.ts';
import type { NarrowRole } from './narrow-role.ts';

type Use = (typeof EPOCH_USES)[number];
type KeyAction = 'kms:Decrypt' | 'kms:GenerateDataKeyPairWithoutPlaintext';
/** Where the copy of the registry lies. Epoch keys lie in folders that are named for their use. */
const COPY_FOLDER = 'registry';
type FileActions = FilePermission['actions'];

export interface KeyVaultProps {
  readonly region: string;
  /** The alias of the wrapping key. */
  readonly alias: string;
}

/**
 * Where a region's issuing and status keys lie: data key pairs of KMS, their private halves wrapped by one key that never leaves it. The key's own
 * policy says who opens which, by the encryption context; the files alone are of no use to anyone. Beside them lies the region's own copy of the registry,
 * which is public and signed: one file, which one function writes.
 *
 * Its loss stops the region: no key that it held signs again, and the next ones count only after their lead. So key and files outlive their stack.
 */
export class KeyVault extends Construct {
  private readonly files: ClosedFiles;
  private readonly key: Key;
  private readonly region: string;

  constructor(scope: Construct, id: string, { region, alias }: KeyVaultProps) {
    super(scope, id);
    this.region = region;
    // Without old versions: a key that was forgotten is gone.
    this.files = new ClosedFiles(this);
    this.key = keptKey(this, 'WrappingKey', {
      alias,
      description: `Wraps issuing and status keys of ${region}`,
      // KMS keeps its old versions, so what was wrapped before still opens.
      enableKeyRotation: true,
    });
  }

  /** Makes keys, opens them to see that they are its own, and forgets them; keeps the copy of the registry, and what it signed last. */
  letKeep(role: NarrowRole): void {
    const all = this.contextOf(EPOCH_USES);
    const p256 = { ...all, 'kms:DataKeyPairSpec': 'ECC_NIST_P256' };
    this.letUse(role, 'MakeKeysOfEpochs', 'kms:GenerateDataKeyPairWithoutPlaintext', p256);
    this.letUse(role, 'OpenKeysOfEpochs', 'kms:Decrypt', all);
    this.letReach(role, EPOCH_USES, ['s3:GetObject', 's3:PutObject', 's3:DeleteObject']);
    this.letReachCopy(role, 'KeepCopyOfRegistry', ['s3:GetObject', 's3:PutObject']);
    this.files.allow(role, {
      to: 'KeepWhatWasSignedLast',
      actions: ['s3:GetObject', 's3:PutObject'],
      files: [LAST_SIGNED],
    });
  }

  /** Opens the keys of one use, and can open no other; reads the copy of the registry. */
  letOpen(role: NarrowRole, use: Use): void {
    this.letUse(role, 'OpenKeysOfEpochs', 'kms:Decrypt', this.contextOf([use]));
    this.letReach(role, [use], ['s3:GetObject']);
    this.letReachCopy(role, 'ReadCopyOfRegistry', ['s3:GetObject']);
  }

  /** Reads the copy of the registry, and opens no key. */
  letReadCopy(role: NarrowRole): void {
    this.letReachCopy(role, 'ReadCopyOfRegistry', ['s3:GetObject']);
    this.files.allowToTellAbsence(role, 'TellAbsentCopy');
  }

  /** As the adapters read them (protocol, section 11). */
  get environment(): Readonly<Record<'EPOCH_KEYS_URI' | 'WRAPPING_KEY_URI' | 'REGISTRY_COPY_URI', string>> {
    return {
      REGISTRY_COPY_URI: `${this.files.uri}/${COPY_FOLDER}`,
      EPOCH_KEYS_URI: this.files.uri,
      WRAPPING_KEY_URI: `awskms:///${this.key.keyArn}`,
    };
  }

  private contextOf(uses: readonly Use[]): Readonly<Record<string, string | string[]>> {
    const names = Object.keys(epochKeyContext(this.region, 'credential'));
    const values = uses.map((use) => new Map(Object.entries(epochKeyContext(this.region, use))));
    return Object.fromEntries(
      names.map((name) => {
        const allowed = [...new Set(values.map((context) => context.get(name) ?? ''))];
        return [`kms:EncryptionContext:${name}`, allowed.length === 1 ? (allowed[0] ?? '') : allowed];
      }),
    );
  }

  /** The key's policy and the role's both say it: neither alone is enough to widen it. */
  private letUse(role: NarrowRole, to: string, action: KeyAction, context: Condition): void {
    const when = { StringEquals: context };
    role.may({ to, actions: [action], on: [this.key.keyArn], when });
    this.key.addToResourcePolicy(
      keyPermission({
        sid: `${to}For${role.node.scope?.node.id ?? ''}`,
        by: [new ArnPrincipal(role.roleArn)],
        actions: [action],
        when,
      }),
    );
  }

  private letReachCopy(role: NarrowRole, to: string, actions: FileActions): void {
    this.files.allow(role, { to, actions, files: [`${COPY_FOLDER}/${REGISTRY_COPY}`] });
  }

  private letReach(role: NarrowRole, uses: readonly Use[], actions: FileActions): void {
    this.files.allow(role, {
      to: 'ReachWrappedKeys',
      actions,
      files: uses.map((use) => epochKeyFile(use, '*')),
      because:
        'A file is named by the kid of its key, which nobody knows before the key is made. The folder holds the wrapped keys of one use and nothing else, and whoever reads one cannot open it without the wrapping key, whose policy names the use.',
    });
    this.files.allowToTellAbsence(role, 'TellAbsentKeys');
  }
}
