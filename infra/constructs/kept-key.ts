import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  type Condition,
  type IPrincipal,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Key, type KeyProps } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** What it takes to run a key. Nothing here signs, decrypts or makes a grant, by which someone else could. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:GetPublicKey',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
] as const;

export interface KeyPermission {
  readonly sid: string;
  readonly by: readonly IPrincipal[];
  readonly actions: readonly string[];
  readonly when?: Readonly<Record<string, Condition>>;
}

export interface KeptKeyProps
  extends Pick<KeyProps, 'alias' | 'description' | 'enableKeyRotation' | 'keySpec' | 'keyUsage'> {
  /** Left out, nobody uses it until its policy is added to. */
  readonly uses?: readonly KeyPermission[];
}

/** A key that the account administers and does not use, but as its own policy says. It outlives its stack: with a key goes what it sealed or signed. */
export function keptKey(scope: Construct, id: string, { uses = [], ...props }: KeptKeyProps): Key {
  return new Key(scope, id, {
    ...props,
    removalPolicy: RemovalPolicy.RETAIN,
    policy: new PolicyDocument({
      statements: [
        keyPermission({
          sid: 'TheAccountAdministersIt',
          by: [new AccountRootPrincipal()],
          actions: ADMINISTRATION,
        }),
        ...uses.map(keyPermission),
      ],
    }),
  });
}

/** A statement of a key's own policy, in which `*` is this key. */
export function keyPermission({ sid, by, actions, when }: KeyPermission): PolicyStatement {
  return new PolicyStatement({
    sid,
    principals: [...by],
    actions: [...actions],
    resources: ['*'],
    ...(when === undefined ? {} : { conditions: { ...when } }),
  });
}
