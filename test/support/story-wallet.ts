import { readFile } from 'node:fs/promises';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import { fromUtf8 } from '@symbolon/protocol/bytes';
import { statusAt } from '@symbolon/status/status-list';
import { openStatusListToken, parseStatusListToken } from '@symbolon/status/token';
import { expect } from 'vitest';
import * as z from 'zod/mini';
import type { Answer } from './issuer-client.ts';
import type { Person, StoryDesk } from './story-desk.ts';
import type { StoryNetwork } from './story-network.ts';

const Verdict = z.object({ outcome: z.string(), findings: z.array(z.object({ code: z.string() })) });
const Claims = z.object({
  level: z.string(),
  status: z.object({ status_list: z.object({ idx: z.int(), uri: z.string() }) }),
});
const Batch = z.object({ credentials: z.array(z.object({ credential: z.string() })), receipt: z.string() });

const Received = z.object({
  received: z.int(),
  receipt: z.object({ problem: z.nullable(z.string()), witnesses: z.int() }),
});
const Proof = z.object({
  proven: z.boolean(),
  decision: z.object({
    level: z.string(),
    rule: z.string(),
    authority: z.string(),
    mode: z.string(),
    evidence: z.string(),
    sequence: z.int(),
    decidedAt: z.string(),
    approvers: z.array(z.string()),
  }),
});

/** Who is let in where only green is. */
const POLICY = {
  region: 'CN-GD',
  purpose: 'venue-entry',
  schemes: ['health'],
  accept: 'health.level == "green"',
};

/** A holder with the command, and a wallet file of their own. */
export interface StoryWallet {
  /** A new batch. @returns what the command says of it */
  request(): Promise<z.output<typeof Received>>;
  /** Shows one at a gate that has what is published now. @returns its verdict, and the codes in it */
  atGate(): Promise<readonly [outcome: string, ...codes: string[]]>;
  /** The newest receipt, as an auditor proves it who has nothing but the pinned root. */
  provenToAuditor(name: string): Promise<z.output<typeof Proof>>;
}

export function storyWallet(
  story: StoryNetwork,
  region: string,
  name: string,
  { code }: Person,
): StoryWallet {
  const { network } = story;
  const wallet = ['--wallet', story.file(`${name}.wallet.json`)];
  return {
    request: () =>
      story.ask(Received, ['holder', 'request', region, '--count', '4', ...wallet], {
        environment: { SYMBOLON_CODE: code },
      }),
    atGate: async () => {
      const shown = await story.run(['holder', 'show', '--as', 'text', ...wallet]);
      expect([shown.code, shown.stderr]).toEqual([0, '']);
      const response = await fetch(`${network.verifierUrl}/verdicts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ presentation: shown.stdout.trim(), policy: POLICY }),
      });
      const verdict = await response.json();
      const { outcome, findings } = z.parse(Verdict, verdict, { error: () => JSON.stringify(verdict) });
      return [outcome, ...findings.map((each) => each.code)];
    },
    provenToAuditor: async (proof) => {
      const file = story.file(`${proof}.tlog-proof`);
      expect(await story.run(['holder', 'receipts', '--export', file, ...wallet])).toMatchObject({ code: 0 });
      const auditor = ['--root', network.root.path, '--state', story.file('receipt-auditor')];
      return story.ask(Proof, ['audit', network.registryUrl, '--receipt', file, ...auditor]);
    },
  };
}

/** A credential of a batch, as far as these stories read it. */
export interface HeldStatus {
  readonly level: string;
  /** Its entry in the list that the region publishes now: 0 is valid. */
  entry(): Promise<number | undefined>;
}

/** One of a new batch, by the API. @throws when there was none */
export async function newCredential(desk: StoryDesk, endpoint: string, person: Person): Promise<HeldStatus> {
  const [first] = credentialsOf(await desk.client.request(person.code, 'health', 2));
  const payload = first?.split('.')[1] ?? expect.unreachable();
  const { level, status } = z.parse(Claims, JSON.parse(fromUtf8(decodeBase64url(payload))));
  const { idx, uri } = status.status_list;
  return {
    level,
    entry: async () => {
      const response = await fetch(`${endpoint}/lists/${uri.slice(uri.lastIndexOf('/') + 1)}`);
      const list = await openStatusListToken(parseStatusListToken(await response.text()));
      return statusAt(list, idx);
    },
  };
}

function credentialsOf({ status, body }: Answer): readonly string[] {
  expect([status, body]).toEqual([200, expect.anything()]);
  return z.parse(Batch, body).credentials.map(({ credential }) => credential);
}

export function rootOf({ network }: StoryNetwork): Promise<Uint8Array<ArrayBuffer>> {
  return readFile(network.root.path).then((bytes) => new Uint8Array(bytes));
}
