import { EPOCH_USES, epochKeyContext, epochKeyFile } from '@symbolon/aws/kms/epoch-key-context';
import { LAST_SIGNED } from '@symbolon/functions/key-epoch/signing-memory';
import { REGISTRY_COPY } from '@symbolon/functions/runtime/registry-copy';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  ArnPrincipal,
  type Condition,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { bucketId, closedBucket } from './closed-bucket.ts';
import type { NarrowRole } from './narrow-role.ts';
import { KEY_ADMINISTRATION } from './protocol-keys.ts';

type Use = (typeof EPOCH_USES)[number];
type KeyAction = 'kms:Decrypt' | 'kms:GenerateDataKeyPairWithoutPlaintext';
/** Where the copy of the registry lies. Epoch keys lie in folders that are named for their use. */
const COPY_FOLDER = 'registry';
type FileAction = 's3:GetObject' | 's3:PutObject' | 's3:DeleteObject';

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
  private readonly bucket: IBucket;
  private readonly key: Key;
  private readonly region: string;

  constructor(scope: Construct, id: string, { region, alias }: KeyVaultProps) {
    super(scope, id);
    this.region = region;
    const accessLogs = closedBucket(this, 'AccessLogs', {
      lifecycleRules: [{ id: 'ForgetAfterThreeMonths', expiration: Duration.days(90) }],
    });
    // Not versioned: a key that was forgotten is gone.
    this.bucket = closedBucket(this, 'Files', {
      serverAccessLogsBucket: accessLogs,
      lifecycleRules: [{ id: 'ForgetBrokenUploads', abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    this.key = new Key(this, 'WrappingKey', {
      alias,
      description: `Wraps issuing and status keys of ${region}`,
      // KMS keeps its old versions, so what was wrapped before still opens.
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'TheAccountAdministersIt',
            principals: [new AccountRootPrincipal()],
            actions: [...KEY_ADMINISTRATION],
            resources: ['*'],
          }),
        ],
      }),
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
    const on = [this.bucket.arnForObjects(LAST_SIGNED)];
    role.may({ to: 'KeepWhatWasSignedLast', actions: ['s3:GetObject', 's3:PutObject'], on });
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
    role.may({ to: 'TellAbsentCopy', actions: ['s3:ListBucket'], on: [this.bucket.bucketArn] });
  }

  /** As the adapters read them (protocol, section 11). */
  get environment(): Readonly<Record<'EPOCH_KEYS_URI' | 'WRAPPING_KEY_URI' | 'REGISTRY_COPY_URI', string>> {
    return {
      REGISTRY_COPY_URI: `s3://${this.bucket.bucketName}/${COPY_FOLDER}`,
      EPOCH_KEYS_URI: `s3://${this.bucket.bucketName}`,
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
      new PolicyStatement({
        sid: `${to}For${role.node.scope?.node.id ?? ''}`,
        principals: [new ArnPrincipal(role.roleArn)],
        actions: [action],
        resources: ['*'],
        conditions: when,
      }),
    );
  }

  private letReachCopy(role: NarrowRole, to: string, actions: readonly FileAction[]): void {
    role.may({ to, actions, on: [this.bucket.arnForObjects(`${COPY_FOLDER}/${REGISTRY_COPY}`)] });
  }

  private letReach(role: NarrowRole, uses: readonly Use[], actions: readonly FileAction[]): void {
    const files = uses.map((use) => epochKeyFile(use, '*'));
    role.may({ to: 'ReachWrappedKeys', actions, on: files.map((file) => this.bucket.arnForObjects(file)) });
    role.may({ to: 'TellAbsentKeys', actions: ['s3:ListBucket'], on: [this.bucket.bucketArn] });
    for (const file of files) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::<${bucketId(this.bucket)}.Arn>/${file}]`,
        reason:
          'A file is named by the kid of its key, which nobody knows before the key is made. The folder holds the wrapped keys of one use and nothing else, and whoever reads one cannot open it without the wrapping key, whose policy names the use.',
      });
    }
  }
}
