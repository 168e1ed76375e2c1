import type { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { textOf } from './support/intrinsics.ts';
import { rightsOf, Statement, written } from './support/permissions.ts';
import { placesOf, type Synthesised, synthesise } from './support/synthesised.ts';

const REGION = 'symbolon-region-CN-HB';
const REGISTRY = 'symbolon-registry';
const VERIFIER = 'symbolon-verifier-gates';
const WITNESS = 'symbolon-witness-university';
/** Logs in the log of the region above it. */
const BELOW = 'symbolon-region-CN-HB--xiangyang';

let all: Synthesised;
beforeAll(() => {
  all = synthesise();
});
afterAll(() => all.remove());

function stackOf(name: string): Stack {
  const stack = all.stacks.get(name);
  if (stack === undefined) throw new Error(`there is no stack ${name}`);
  return stack;
}

const rights = (stack: string, role: string) => rightsOf(stackOf(stack), all.template(stack), role);

/** Which partitions of the table, or of its index, each right is narrowed to. */
function partitionsOf(role: string) {
  return rights(REGION, role).flatMap(({ action, on, condition }) => {
    const keys = condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
    return keys === undefined ? [] : [[`${action} on ${on}`, keys]];
  });
}

describe('what each function may do', () => {
  it('issuer-api: five item operations on one table, what waits for people, issuing keys and its own; nothing with status keys or lists', () => {
    expect(written(rights(REGION, 'Issuing/Role'))).toEqual([
      'dynamodb:DeleteItem on Memory/Table',
      'dynamodb:GetItem on Memory/Table',
      'dynamodb:PutItem on Memory/Table',
      'dynamodb:Query on Memory/Table',
      'dynamodb:Query on Memory/Table/index/queue',
      'dynamodb:UpdateItem on Memory/Table',
      'kms:Decrypt on Issuing/FactsKey/facts',
      'kms:Decrypt on Memory/Key',
      'kms:Decrypt on Vault/WrappingKey',
      'kms:DescribeKey on Memory/Key',
      'kms:Encrypt on Issuing/FactsKey/facts',
      'kms:Encrypt on Memory/Key',
      'kms:GenerateDataKey on Memory/Key',
      'kms:GenerateMac on Issuing/BlindIndexKey/blind-index',
      'kms:ReEncryptFrom on Memory/Key',
      'kms:ReEncryptTo on Memory/Key',
      'logs:CreateLogStream on Issuing/IssuerApi/Logs',
      'logs:PutLogEvents on Issuing/IssuerApi/Logs',
      's3:GetObject on Log/Site/Files/checkpoint',
      's3:GetObject on Log/Site/Files/tile/*',
      's3:GetObject on Log/Site/Files/witnessed',
      's3:GetObject on Vault/Files/credential/*.json',
      's3:GetObject on Vault/Files/registry/trust.bundle',
      's3:ListBucket on Log/Site/Files',
      's3:ListBucket on Vault/Files',
    ]);
    expect(partitionsOf('Issuing/Role')).toEqual([
      ['dynamodb:Query on Memory/Table/index/queue', ['BATCHES', 'PROPOSALS', 'BURSTS']],
    ]);
  });

  it('decisions-upkeep: decides by facts and rules; finds nobody by an identifier, opens no signing key, takes nothing away', () => {
    expect(written(rights(REGION, 'UpkeepRole'))).toEqual([
      'dynamodb:GetItem on Memory/Table',
      'dynamodb:GetItem on Memory/Table',
      'dynamodb:PutItem on Memory/Table',
      'dynamodb:PutItem on Memory/Table',
      'dynamodb:Query on Memory/Table',
      'dynamodb:Query on Memory/Table/index/queue',
      'dynamodb:UpdateItem on Memory/Table',
      'kms:Decrypt on Issuing/FactsKey/facts',
      'kms:Decrypt on Memory/Key',
      'kms:DescribeKey on Memory/Key',
      'kms:Encrypt on Issuing/FactsKey/facts',
      'kms:Encrypt on Memory/Key',
      'kms:GenerateDataKey on Memory/Key',
      'kms:ReEncryptFrom on Memory/Key',
      'kms:ReEncryptTo on Memory/Key',
      'logs:CreateLogStream on Upkeep/DecisionsUpkeep/Run/Logs',
      'logs:PutLogEvents on Upkeep/DecisionsUpkeep/Run/Logs',
      's3:GetObject on Log/Site/Files/checkpoint',
      's3:GetObject on Log/Site/Files/tile/*',
      's3:GetObject on Log/Site/Files/witnessed',
      's3:GetObject on Vault/Files/registry/trust.bundle',
      's3:ListBucket on Log/Site/Files',
      's3:ListBucket on Vault/Files',
      'sqs:SendMessage on Upkeep/DecisionsUpkeep/GivenUp',
    ]);
    const people = [
      'PROFILES#*',
      'SUBJECT#*',
      'BURST#*',
      'HELD#*',
      'RELEASED#*',
      'TALLY#*',
      'JOB#*',
      'LIST#*',
    ];
    expect(partitionsOf('UpkeepRole')).toEqual([
      ['dynamodb:GetItem on Memory/Table', people],
      ['dynamodb:PutItem on Memory/Table', people],
      ['dynamodb:Query on Memory/Table', people],
      ['dynamodb:UpdateItem on Memory/Table', people],
      ['dynamodb:GetItem on Memory/Table', ['PROPOSAL#*']],
      ['dynamodb:PutItem on Memory/Table', ['PROPOSAL#*']],
      ['dynamodb:Query on Memory/Table/index/queue', ['PROPOSALS', 'BURSTS', 'PASSED', 'WITNESS#*']],
    ]);
  });

  it('log-sequence: marks what is logged, flags entries, writes the log and signs by its key; opens no fact, finds nobody by an identifier, makes nothing', () => {
    const all = written(rights(REGION, 'Logging/Role'));
    const isBelow = (right: string) => right.includes(BELOW);
    expect(all.filter((right) => !isBelow(right))).toEqual(
      [
        'dynamodb:GetItem on Memory/Table',
        'dynamodb:Query on Memory/Table',
        'dynamodb:Query on Memory/Table/index/queue',
        'dynamodb:UpdateItem on Memory/Table',
        'kms:Decrypt on Logging/State/Key',
        'kms:Decrypt on Memory/Key',
        'kms:DescribeKey on Memory/Key',
        'kms:Encrypt on Memory/Key',
        'kms:GenerateDataKey on Logging/State/Key',
        'kms:GenerateDataKey on Memory/Key',
        'kms:GetPublicKey on Logging/LogKey/log',
        'kms:ReEncryptFrom on Memory/Key',
        'kms:ReEncryptTo on Memory/Key',
        'kms:Sign on Logging/LogKey/log',
        'logs:CreateLogStream on Logging/LogSequence/Run/Logs',
        'logs:PutLogEvents on Logging/LogSequence/Run/Logs',
        's3:GetObject on Log/Site/Files/checkpoint',
        's3:GetObject on Log/Site/Files/tile/*',
        's3:GetObject on Log/Site/Files/witnessed',
        's3:GetObject on Logging/State/Files/sequencer.json',
        's3:GetObject on Vault/Files/registry/trust.bundle',
        's3:ListBucket on Log/Site/Files',
        's3:ListBucket on Logging/State/Files',
        's3:ListBucket on Vault/Files',
        's3:PutObject on Log/Site/Files/checkpoint',
        's3:PutObject on Log/Site/Files/tile/*',
        's3:PutObject on Log/Site/Files/witnessed',
        's3:PutObject on Logging/State/Files/sequencer.json',
        'sqs:SendMessage on Logging/LogSequence/GivenUp',
      ].toSorted(),
    );
    const logged = ['PROFILES#*', 'SUBJECT#*', 'BURST#*', 'LIST#*'];
    const queues = ['LOG#*', 'WITNESS#*', 'BURSTS', 'BURST-LEAVES'];
    const own = [
      ['dynamodb:GetItem on Memory/Table', logged],
      ['dynamodb:Query on Memory/Table', logged],
      ['dynamodb:UpdateItem on Memory/Table', logged.slice(1)],
      ['dynamodb:Query on Memory/Table/index/queue', queues],
    ];
    // The same of the small region that logs here, and nothing else of it.
    const below = (place: string) => new RegExp(`^${place} on ${BELOW}:ExportsOutput`);
    expect(partitionsOf('Logging/Role').filter(([right]) => !isBelow(String(right)))).toEqual(own);
    expect(partitionsOf('Logging/Role').filter(([right]) => isBelow(String(right)))).toEqual(
      own.map(([right, keys]) => [expect.stringMatching(below(String(right).split(' ')[0] ?? '')), keys]),
    );
    const actions = (rights: readonly string[]) => rights.map((right) => right.split(' ')[0]);
    expect(actions(all.filter(isBelow))).toEqual(
      actions(all.filter((right) => right.includes('on Memory/'))),
    );
  });

  it('witness: keeps checkpoints, reads which logs it was given, cosigns by its key; nothing else', () => {
    expect(written(rights(WITNESS, 'Role'))).toEqual([
      'kms:GetPublicKey on Key/cosigning',
      'kms:Sign on Key/cosigning',
      'logs:CreateLogStream on Witness/Logs',
      'logs:PutLogEvents on Witness/Logs',
      's3:GetObject on Memory/Files/checkpoints/*',
      's3:GetObject on Memory/Files/logs.txt',
      's3:ListBucket on Memory/Files',
      's3:PutObject on Memory/Files/checkpoints/*',
    ]);
  });

  it('status-publish: reads entries, opens status keys and writes lists; nothing with people or their keys', () => {
    expect(written(rights(REGION, 'Status/Role'))).toEqual([
      'dynamodb:Query on Memory/Table',
      'kms:Decrypt on Memory/Key',
      'kms:Decrypt on Vault/WrappingKey',
      'kms:DescribeKey on Memory/Key',
      'logs:CreateLogStream on Status/StatusPublish/Run/Logs',
      'logs:PutLogEvents on Status/StatusPublish/Run/Logs',
      's3:GetObject on Status/Site/Files/lists/*',
      's3:GetObject on Vault/Files/registry/trust.bundle',
      's3:GetObject on Vault/Files/status/*.json',
      's3:ListBucket on Status/Site/Files',
      's3:ListBucket on Vault/Files',
      's3:PutObject on Status/Site/Files/lists/*',
      'sqs:SendMessage on Status/StatusPublish/GivenUp',
    ]);
    expect(partitionsOf('Status/Role')).toEqual([['dynamodb:Query on Memory/Table', ['LISTS', 'LIST#*']]]);
  });

  it('key-epoch: makes, opens and deletes wrapped keys, signs keys.json and keeps a copy of the registry; no table, no list, no file of the hub', () => {
    expect(written(rights(REGION, 'Epochs/Role'))).toEqual([
      'kms:Decrypt on Vault/WrappingKey',
      'kms:GenerateDataKeyPairWithoutPlaintext on Vault/WrappingKey',
      'kms:GetPublicKey on Epochs/KeysRole/keys-role',
      'kms:Sign on Epochs/KeysRole/keys-role',
      'logs:CreateLogStream on Epochs/KeyEpoch/Run/Logs',
      'logs:PutLogEvents on Epochs/KeyEpoch/Run/Logs',
      's3:DeleteObject on Vault/Files/credential/*.json',
      's3:DeleteObject on Vault/Files/status/*.json',
      's3:GetObject on Vault/Files/credential/*.json',
      's3:GetObject on Vault/Files/last-signed.json',
      's3:GetObject on Vault/Files/registry/trust.bundle',
      's3:GetObject on Vault/Files/status/*.json',
      's3:ListBucket on Vault/Files',
      's3:PutObject on Vault/Files/credential/*.json',
      's3:PutObject on Vault/Files/last-signed.json',
      's3:PutObject on Vault/Files/registry/trust.bundle',
      's3:PutObject on Vault/Files/status/*.json',
      'sqs:SendMessage on Epochs/KeyEpoch/GivenUp',
    ]);
  });

  it('REQ-KEY-003 the wrapping key opens by use: neither function can open the keys of the other', () => {
    const contextOf = (use: string | string[]) => ({
      'kms:EncryptionContext:region': 'CN-HB',
      'kms:EncryptionContext:use': use,
    });
    const uses = (role: string) =>
      rights(REGION, role)
        .filter(({ on }) => on === 'Vault/WrappingKey')
        .map(({ action, condition }) => [action, condition?.['StringEquals']]);
    const both = contextOf(['credential', 'status']);
    const expected = {
      'Issuing/Role': [['kms:Decrypt', contextOf('credential')]],
      'Status/Role': [['kms:Decrypt', contextOf('status')]],
      'Epochs/Role': [
        ['kms:GenerateDataKeyPairWithoutPlaintext', { ...both, 'kms:DataKeyPairSpec': 'ECC_NIST_P256' }],
        ['kms:Decrypt', both],
      ],
    };
    for (const [role, conditions] of Object.entries(expected)) expect(uses(role)).toEqual(conditions);
    // The key's own policy says the same, and lets nobody else use it.
    const places = placesOf(stackOf(REGION));
    const policy = keysOf(REGION, all.template(REGION)).find(({ place }) => place === 'Vault/WrappingKey');
    const said = (policy?.KeyPolicy.Statement ?? [])
      .filter(({ Action }) => Action.some((action) => USE.test(action)))
      .map(({ Action, Condition, Principal }) => {
        const [role] = Principal === '*' ? [] : (Principal?.['AWS'] ?? []);
        return [textOf(role, (id) => places.get(id) ?? id), [...Action, Condition?.['StringEquals']]];
      });
    const wanted = Object.entries(expected).flatMap(([role, all]) => all.map((each) => [role, each]));
    expect(said.toSorted()).toEqual(wanted.toSorted());
  });

  it('registry-publish: what people may publish, and the bundle; deletes nothing', () => {
    expect(written(rights(REGISTRY, 'PublishingRole'))).toEqual([
      'kms:Decrypt on Log/State/Key',
      'kms:GenerateDataKey on Log/State/Key',
      'kms:GetPublicKey on Keys/online',
      'kms:GetPublicKey on Log/Key/log',
      'kms:Sign on Keys/online',
      'kms:Sign on Log/Key/log',
      'logs:CreateLogStream on Publishing/RegistryPublish/Logs',
      'logs:PutLogEvents on Publishing/RegistryPublish/Logs',
      's3:GetObject on Log/State/Files/sequencer.json',
      's3:GetObject on Site/Files/log/anchors.json',
      's3:GetObject on Site/Files/log/checkpoint',
      's3:GetObject on Site/Files/log/tile/*',
      's3:GetObject on Site/Files/log/witnessed',
      's3:GetObject on Site/Files/metadata/*',
      's3:GetObject on Site/Files/targets/*',
      's3:GetObject on Site/Files/trust.bundle',
      's3:ListBucket on Log/State/Files',
      's3:ListBucket on Site/Files',
      's3:PutObject on Log/State/Files/sequencer.json',
      's3:PutObject on Site/Files/log/anchors.json',
      's3:PutObject on Site/Files/log/checkpoint',
      's3:PutObject on Site/Files/log/tile/*',
      's3:PutObject on Site/Files/log/witnessed',
      's3:PutObject on Site/Files/metadata/*',
      's3:PutObject on Site/Files/targets/*',
      's3:PutObject on Site/Files/trust.bundle',
    ]);
  });

  it('registry-timestamp: reads what is published, writes timestamp, snapshots and bundle, signs by one key', () => {
    expect(written(rights(REGISTRY, 'Resigner'))).toEqual([
      'kms:Decrypt on Log/State/Key',
      'kms:GenerateDataKey on Log/State/Key',
      'kms:GetPublicKey on Keys/online',
      'kms:GetPublicKey on Log/Key/log',
      'kms:Sign on Keys/online',
      'kms:Sign on Log/Key/log',
      'logs:CreateLogStream on RegistryTimestamp/Run/Logs',
      'logs:PutLogEvents on RegistryTimestamp/Run/Logs',
      's3:GetObject on Log/State/Files/sequencer.json',
      's3:GetObject on Site/Files/log/anchors.json',
      's3:GetObject on Site/Files/log/checkpoint',
      's3:GetObject on Site/Files/log/tile/*',
      's3:GetObject on Site/Files/log/witnessed',
      's3:GetObject on Site/Files/metadata/*',
      's3:GetObject on Site/Files/targets/*',
      's3:GetObject on Site/Files/trust.bundle',
      's3:ListBucket on Log/State/Files',
      's3:ListBucket on Site/Files',
      's3:PutObject on Log/State/Files/sequencer.json',
      's3:PutObject on Site/Files/log/anchors.json',
      's3:PutObject on Site/Files/log/checkpoint',
      's3:PutObject on Site/Files/log/tile/*',
      's3:PutObject on Site/Files/log/witnessed',
      's3:PutObject on Site/Files/metadata/*.snapshot.json',
      's3:PutObject on Site/Files/metadata/timestamp.json',
      's3:PutObject on Site/Files/trust.bundle',
      'sqs:SendMessage on RegistryTimestamp/GivenUp',
    ]);
  });

  it('publisher: reads and writes metadata and targets, and signs by the online key; deletes nothing', () => {
    expect(written(rights(REGISTRY, 'Publisher'))).toEqual([
      'kms:GetPublicKey on Keys/online',
      'kms:Sign on Keys/online',
      's3:GetObject on Site/Files/metadata/*',
      's3:GetObject on Site/Files/targets/*',
      's3:ListBucket on Site/Files',
      's3:PutObject on Site/Files/metadata/*',
      's3:PutObject on Site/Files/targets/*',
    ]);
  });

  it('verifier-api: reads the bundle, keeps what it saw, claims presentations by one kind of write; no key, no other object, nothing read back', () => {
    expect(written(rights(VERIFIER, 'Role'))).toEqual([
      'dynamodb:UpdateItem on Replays/Table',
      'logs:CreateLogStream on Verifying/VerifierApi/Logs',
      'logs:PutLogEvents on Verifying/VerifierApi/Logs',
      's3:GetObject on Trust/Files/state.json',
      's3:GetObject on Trust/Files/trust.bundle',
      's3:GetObject on arn:aws:s3:::example-registry-files/trust.bundle',
      's3:ListBucket on Trust/Files',
      's3:PutObject on Trust/Files/state.json',
      's3:PutObject on Trust/Files/trust.bundle',
    ]);
    const claims = rights(VERIFIER, 'Role').filter(({ action }) => action.startsWith('dynamodb:'));
    expect(claims.map(({ condition }) => condition)).toEqual([
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['REPLAY#*'] } },
    ]);
    all.template(VERIFIER).resourceCountIs('AWS::KMS::Key', 0);
  });

  it('the key of the table works through DynamoDB only', () => {
    for (const role of ['Issuing/Role', 'Status/Role', 'UpkeepRole', 'Logging/Role']) {
      const onKey = rights(REGION, role).filter(({ on }) => on === 'Memory/Key');
      expect(onKey.length).toBeGreaterThan(0);
      for (const { condition } of onKey) {
        expect(condition).toEqual({
          StringEquals: {
            'kms:CallerAccount': '222222222222',
            'kms:ViaService': 'dynamodb.ap-east-1.amazonaws.com',
          },
        });
      }
    }
  });

  it('each statement of a role has a name of its own, as IAM asks', () => {
    for (const [name] of all.stacks) {
      for (const policy of Object.values(all.template(name).findResources('AWS::IAM::Policy'))) {
        const names = z
          .array(z.object({ Sid: z.string() }))
          .parse(policy['Properties'].PolicyDocument.Statement.filter((each: object) => 'Sid' in each))
          .map(({ Sid }) => Sid);
        expect(names.length).toBeGreaterThan(0);
        expect(new Set(names).size).toBe(names.length);
      }
    }
  });

  it('every function has a role of its own, people have one, and a role has nothing beside these policies', () => {
    const people = 'arn:aws:iam::111111111111:role/example-registry-admins';
    for (const [name, stack] of all.stacks) {
      const template = all.template(name);
      const places = placesOf(stack);
      const roles = Object.entries(template.findResources('AWS::IAM::Role'));
      const functions = Object.keys(template.findResources('AWS::Lambda::Function'));
      expect(roles.length).toBe(functions.length + (name === REGISTRY ? 1 : 0));
      for (const [id, role] of roles) {
        expect(Object.keys(role['Properties']).toSorted()).toEqual([
          'AssumeRolePolicyDocument',
          'Description',
        ]);
        const Principal =
          places.get(id) === 'Publisher' ? { AWS: people } : { Service: 'lambda.amazonaws.com' };
        expect(role['Properties'].AssumeRolePolicyDocument.Statement).toEqual([
          { Action: 'sts:AssumeRole', Effect: 'Allow', Principal },
        ]);
      }
      for (const type of ['AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::User'])
        template.resourceCountIs(type, 0);
    }
  });

  it('no action and no resource is `*`; within an object path it stands below a folder', () => {
    for (const [name, stack] of all.stacks) {
      const places = placesOf(stack);
      const roles = Object.keys(all.template(name).findResources('AWS::IAM::Role')).map(
        (id) => places.get(id) ?? id,
      );
      const found = roles.flatMap((role) => rights(name, role));
      expect(found.length).toBeGreaterThan(7);
      for (const { action, on } of found) {
        expect(action).not.toContain('*');
        if (on.includes('*')) {
          expect(action).toMatch(/^s3:(Get|Put|Delete)Object$/);
          expect(on).toMatch(
            /\/Files\/((metadata|targets|lists|(log\/)?tile|checkpoints)\/\*(\.snapshot\.json)?|(credential|status)\/\*\.json)$/,
          );
          // Only a wrapped key is ever deleted.
          if (action === 's3:DeleteObject') expect(on).toMatch(/^Vault\//);
        }
      }
    }
  });
});

const KeyResource = z.object({
  Properties: z.object({
    KeySpec: z.optional(z.string()),
    KeyUsage: z.optional(z.string()),
    EnableKeyRotation: z.optional(z.boolean()),
    KeyPolicy: z.object({ Statement: z.array(Statement) }),
  }),
  DeletionPolicy: z.literal('Retain'),
  UpdateReplacePolicy: z.literal('Retain'),
});

interface KeyView extends z.output<typeof KeyResource.shape.Properties> {
  readonly place: string;
}

function keysOf(name: string, template: Template): readonly KeyView[] {
  const places = placesOf(stackOf(name));
  return Object.entries(template.findResources('AWS::KMS::Key')).map(([id, key]) => ({
    place: places.get(id) ?? id,
    ...KeyResource.parse(key).Properties,
  }));
}

/** What uses a key, or lets someone use it: every KMS action that is not administration. */
const USE = /^kms:(Sign|Encrypt|Decrypt|ReEncrypt|Generate|Verify|CreateGrant|DeriveSharedSecret|ImportKey)/;

describe('who may use which key', () => {
  it('keys are of the kinds that the protocol needs', () => {
    const kinds = [REGION, REGISTRY, WITNESS]
      .flatMap((name) => keysOf(name, all.template(name)))
      .map(({ place, KeySpec, KeyUsage, EnableKeyRotation }) => [
        place,
        KeySpec,
        KeyUsage,
        EnableKeyRotation,
      ]);
    const signing = ['ECC_NIST_P256', 'SIGN_VERIFY', undefined];
    const notes = ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY', undefined];
    expect(kinds.toSorted()).toEqual(
      [
        ['Issuing/BlindIndexKey/blind-index', 'HMAC_256', 'GENERATE_VERIFY_MAC', undefined],
        ['Epochs/KeysRole/keys-role', ...signing],
        ['Issuing/FactsKey/facts', 'SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', true],
        ['Key/cosigning', ...notes],
        ['Keys/online', ...signing],
        ['Log/Key/log', ...notes],
        ['Log/State/Key', undefined, undefined, true],
        ['Logging/LogKey/log', ...notes],
        ['Logging/State/Key', undefined, undefined, true],
        ['Memory/Key', undefined, undefined, true],
        ['Vault/WrappingKey', undefined, undefined, true],
      ].toSorted(),
    );
  });

  it('a key names who uses it, one function but for those of the registry and the one that seals facts; the account administers it and cannot use it', () => {
    const users = new Map<string, string>();
    for (const [name, stack] of all.stacks) {
      const places = placesOf(stack);
      for (const { place, KeyPolicy } of keysOf(name, all.template(name))) {
        if (place === 'Memory/Key' || place === 'Vault/WrappingKey') continue;
        for (const { Action, Effect, Principal } of KeyPolicy.Statement) {
          expect(Effect).toBe('Allow');
          expect(Object.keys(Principal ?? {})).toEqual(['AWS']);
          const principals = Principal === '*' || Principal === undefined ? [] : (Principal['AWS'] ?? []);
          const who = principals.map((each) => textOf(each, (id) => places.get(id) ?? id)).join(', ');
          for (const action of Action) expect(action).not.toContain('*');
          if (who.endsWith(':root')) {
            expect(who).toMatch(/^arn:aws:iam::(\d)\1{11}:root$/);
            expect(Action.filter((action) => USE.test(action))).toEqual([]);
          } else users.set(`${name} ${place}`, `${who}: ${Action.join(' ')}`);
        }
      }
    }
    expect([...users].filter(([key]) => !/wuhan|xiangyang/.test(key))).toEqual([
      [`${REGISTRY} Keys/online`, 'Publisher, PublishingRole, Resigner: kms:GetPublicKey kms:Sign'],
      [`${REGISTRY} Log/State/Key`, 'PublishingRole, Resigner: kms:Decrypt kms:GenerateDataKey'],
      [`${REGISTRY} Log/Key/log`, 'PublishingRole, Resigner: kms:GetPublicKey kms:Sign'],
      [`${REGION} Issuing/BlindIndexKey/blind-index`, 'Issuing/Role: kms:GenerateMac'],
      [`${REGION} Issuing/FactsKey/facts`, 'Issuing/Role, UpkeepRole: kms:Decrypt kms:Encrypt'],
      [`${REGION} Epochs/KeysRole/keys-role`, 'Epochs/Role: kms:GetPublicKey kms:Sign'],
      [`${REGION} Logging/State/Key`, 'Logging/Role: kms:Decrypt kms:GenerateDataKey'],
      [`${REGION} Logging/LogKey/log`, 'Logging/Role: kms:GetPublicKey kms:Sign'],
      [`${WITNESS} Key/cosigning`, 'Role: kms:GetPublicKey kms:Sign'],
    ]);
  });
});
