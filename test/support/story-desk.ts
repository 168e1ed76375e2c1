import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signStatement } from '@symbolon/issuer/statement';
import { openKeyFile } from '@symbolon/keys/key-file';
import type { PrivateJwk } from '@symbolon/keys/private-key';
import { operatorToken } from '@symbolon/local/operator';
import { type SampleRegion, sampleIssuer } from '@symbolon/local/sample/regions';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { concurrently } from '@symbolon/registry/concurrently';
import { expect } from 'vitest';
import { type Answer, type IssuerClient, issuerClient } from './issuer-client.ts';
import type { StoryNetwork } from './story-network.ts';

/** Someone that a region has enrolled. The code is their wallet's. */
export interface Person {
  readonly subject: string;
  readonly code: string;
}

/** A decision as its subject reads it. */
export interface OwnDecision {
  readonly level: string;
  readonly rule: string;
  readonly mode: string;
  readonly approvers: readonly string[];
}

/** A region's operators and sources at work, over HTTP, many requests at once. */
export interface StoryDesk {
  readonly client: IssuerClient;
  /** An operator's request, by a token of this role. */
  as(operator: string, role: string, path: string, body?: object): Promise<Answer>;
  /** What a bent authorization server would give: a token of any operator with any role. */
  bentToken(operator: string, roles: readonly string[]): Promise<string>;
  /** What an operator signs in the name of their office. */
  signed(operator: string, kind: 'proposal' | 'approval' | 'intakeApproval', claims: object): Promise<string>;
  enrol(prefix: string, count: number): Promise<readonly Person[]>;
  /** What a source says of each, in batches as large as may be. */
  report(source: string, name: string, people: readonly Person[], fact: object): Promise<readonly Answer[]>;
  /** @returns the ids of the proposals */
  propose(people: readonly Person[], rule: string): Promise<readonly string[]>;
  approve(ids: readonly string[]): Promise<readonly Answer[]>;
  /** All decisions of a person about `health`, oldest first, as they read them. */
  decisionsOf(person: Person): Promise<readonly OwnDecision[]>;
  recordOf(person: Person): Promise<Answer['body']>;
}

const LARGEST_BATCH = 256;
/** A token lasts ten minutes. */
const TOKEN_SECONDS = 300;
const OFFICE = 'cdc';

export function storyDesk(story: StoryNetwork, region: SampleRegion): StoryDesk {
  const { network, folder, now } = story;
  const { endpoint = '' } = network.regions.find((each) => each.region === region) ?? {};
  const issuer = sampleIssuer(region);
  const { tokenEndpoint } = network;
  const client = issuerClient({ endpoint, issuer, region, tokenEndpoint, folder, now });
  const tokens = new Map<string, { at: Instant; token: Promise<string> }>();
  const tokenOf = (operator: string, role: string) => {
    const name = `${operator} ${role}`;
    const known = tokens.get(name);
    if (known !== undefined && now() < known.at + TOKEN_SECONDS) return known.token;
    const token = client.token(operator, role);
    tokens.set(name, { at: now(), token });
    return token;
  };
  const as: StoryDesk['as'] = async (operator, role, path, body = {}) =>
    client.post(path, body, await tokenOf(operator, role));
  const signed: StoryDesk['signed'] = async (operator, kind, claims) => {
    // Whoever settles a batch of facts decides nothing in the name of an office.
    const office = kind === 'intakeApproval' ? {} : { authority: OFFICE };
    const by = await client.signer(`${region}.${operator}`);
    return signStatement(kind, { aud: issuer, iat: now(), ...office, ...claims }, by);
  };
  const recordOf: StoryDesk['recordOf'] = async ({ code }) =>
    must(await client.post('/record', {}, code), 200);
  return {
    client,
    as,
    bentToken: async (operator, roles) => {
      const key = await openedKey(folder, 'operators');
      const { kid } = await client.signer(`${region}.${operator}`);
      return operatorToken(key, { audience: issuer, roles, authority: OFFICE, kid }, now());
    },
    signed,
    recordOf,
    enrol: (prefix, count) =>
      concurrently(
        Array.from({ length: count }, (_, i) => `${prefix}${i}`),
        async (value) => {
          const identifiers = [{ kind: 'passport', value }];
          const { subject, code } = must(
            await as('operator-1', 'enrol', '/subjects', { identifiers }),
            200,
            201,
          );
          return { subject: String(subject), code: String(code) };
        },
      ),
    report: async (source, name, people, fact) => {
      const answers: Answer[] = [];
      for (let first = 0; first < people.length; first += LARGEST_BATCH) {
        const facts = people.slice(first, first + LARGEST_BATCH).map(({ subject }, i) => ({
          ...fact,
          id: `${name}-${first + i}`,
          subject,
          at: addHours(now(), -2),
        }));
        answers.push(await client.report({ id: `${name}-${first}`, source, scheme: 'health', facts }));
      }
      return answers;
    },
    propose: (people, rule) =>
      concurrently(people, async ({ subject }) => {
        const until = addHours(now(), 13 * 24);
        const jti = crypto.randomUUID();
        const statement = 'By a list that was handed in';
        const claims = { jti, subject, scheme: 'health', rule, until, statement };
        const proposal = await signed('operator-1', 'proposal', claims);
        return String(must(await as('operator-1', 'propose', '/proposals', { proposal }), 201)['id']);
      }),
    approve: (ids) =>
      concurrently(ids, async (proposal) => {
        const claims = { proposal, verdict: 'approve', reason: 'The list is from above.' };
        const approval = await signed('operator-2', 'approval', claims);
        return as('operator-2', 'approve', '/proposals/settle', { approval });
      }),
    decisionsOf: async (person) => {
      const { decisions } = await recordOf(person);
      return healthOf(decisions);
    },
  };
}

async function openedKey(folder: string, name: string): Promise<PrivateJwk> {
  const text = (...parts: readonly string[]) => readFile(join(folder, ...parts), 'utf8');
  return openKeyFile(await text('keys', `${name}.jwe`), (await text('secrets', 'passphrase')).trim());
}

function healthOf(decisions: unknown): readonly OwnDecision[] {
  if (!Array.isArray(decisions)) return expect.unreachable();
  return decisions.filter(({ scheme }) => scheme === 'health');
}

function must({ status, body }: Answer, ...expected: readonly number[]): Answer['body'] {
  if (!expected.includes(status)) expect.unreachable(`${status} ${JSON.stringify(body)}`);
  return body;
}
