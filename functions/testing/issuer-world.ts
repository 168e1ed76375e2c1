import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { issuerStores } from '@symbolon/aws/dynamodb/issuer-stores';
import { entryAllocator } from '@symbolon/issuer/entry-allocator';
import type { Publication } from '@symbolon/issuer/publication';
import { sha256Base64url } from '@symbolon/keys/digest';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { startDynamoDb } from '@symbolon/local/dynamodb';
import { DEVELOPMENT_ISSUER, operatorJwks } from '@symbolon/local/operator';
import type { Instant } from '@symbolon/protocol/instant';
import type { IssuerApi } from '../issuer-api/dependencies.ts';
import { blindIndexerAt, sealerAt } from '../runtime/adapters.ts';
import { decisionLogOf } from '../runtime/decision-log.ts';
import { operatorTokens } from '../runtime/operator-token.ts';
import { type IssuerLog, issuerLog } from './issuer-log.ts';
import { ISSUER, issuerPublication, issuingSigner, NOW } from './issuer-publication.ts';
import { AUTHORIZATION_SERVER } from './issuer-tokens.ts';
import { type Recorder, recorder } from './log-lines.ts';
import { tableDump } from './table-dump.ts';

const TABLE = 'region';
const LIST_ENTRIES = 4096;

/** The issuer's functions on a real DynamoDB, with real tokens, seals and indexes, and a real log whose rounds begin while somebody waits for a leaf. A test replaces parts of it; `begin` puts them back. */
export interface IssuerWorld {
  /** What both functions go by. */
  api: IssuerApi;
  publication: Publication;
  now: Instant;
  record: Recorder;
  /** A round of it lets take effect what was decided. */
  readonly decisionLog: IssuerLog;
  /** As it was at first, for a new test. What is stored stays. */
  begin(): void;
  /** Everything that is stored. */
  dump(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export async function startIssuerWorld(): Promise<IssuerWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'symbolon-issuer-'));
  const dynamo = await startDynamoDb(join(folder, 'db'), [TABLE]);
  const client = new DynamoDBClient({
    endpoint: dynamo.environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const file = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return pathToFileURL(path).href;
  };
  const secret = (use: string) => file(use, sha256Base64url(use));
  const jwks = await file('jwks.json', JSON.stringify(operatorJwks(AUTHORIZATION_SERVER)));
  const published = await issuerPublication();
  const stores = issuerStores(client, TABLE);
  const random = insecureRandomFromSeed('issuer world');
  const log = await issuerLog({
    stores,
    publication: async () => world.publication,
    now: () => world.now,
    random,
    log: (event, fields) => world.record.log(event, fields),
  });
  const api: IssuerApi = {
    ...stores,
    authorise: await operatorTokens(jwks, DEVELOPMENT_ISSUER, ISSUER),
    blindIndexer: await blindIndexerAt(await secret('blind index')),
    sealer: await sealerAt(await secret('sealing')),
    signersOf: async () => [await issuingSigner()],
    random,
    entries: entryAllocator({ lists: stores.lists, random, listEntries: LIST_ENTRIES }),
    decisionLog: decisionLogOf({
      decisions: stores.decisions,
      read: (path) => log.files.read(path),
      publication: async () => world.publication,
      clock: () => world.now,
      pause: async () => {
        await log.round();
      },
      // As long as it takes.
      timer: () => new Promise(() => {}),
    }),
    publication: async () => world.publication,
    clock: () => world.now,
    log: (event, fields) => world.record.log(event, fields),
  };
  const world: IssuerWorld = {
    api,
    publication: published,
    now: NOW,
    record: recorder(),
    decisionLog: log,
    begin: () => Object.assign(world, { api, publication: published, now: NOW, record: recorder() }),
    dump: () => tableDump(client, TABLE),
    stop: async () => {
      client.destroy();
      await dynamo.stop();
      await rm(folder, { recursive: true });
    },
  };
  return world;
}
