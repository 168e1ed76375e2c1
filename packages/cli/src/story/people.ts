import { randomUUID } from 'node:crypto';
import type { OperatorRole } from '@symbolon/issuer/operators';
import type { LocalNetwork } from '@symbolon/local/network';
import { addHours, formatInstant, hourFloor, type Instant } from '@symbolon/protocol/instant';
import * as z from 'zod/mini';
import { requestToken } from '../issuer/access-token.ts';
import { signed } from '../issuer/signed.ts';
import { postJson } from '../wallet/post-json.ts';
import { homeOf } from './stage.ts';

type RegionId = LocalNetwork['regions'][number]['region'];

const EnrolAnswer = z.object({ subject: z.string(), code: z.string() });
const FactsAnswer = z.object({ state: z.literal('done'), added: z.int() });
const RevocationAnswer = z.object({ revoked: z.int() });

/** The identity card of the person in Beijing. */
export const CARD = 'TEST-CARD-0001';

export interface Enrolled {
  readonly subject: string;
  /** What the holder's wallet gets credentials with. */
  readonly code: string;
}

export interface ReportedFact {
  /** Who reports it: the name of a registered source. */
  readonly source: string;
  readonly scheme: string;
  readonly type: string;
  readonly fields: Readonly<Record<string, string | boolean | number>>;
  /** Hours before now. */
  readonly hoursAgo: number;
}

/** What an operator of a region does, over the region's own API with an operator's token; facts are signed by their source. */
export function operatorOf(network: LocalNetwork, region: RegionId) {
  const { endpoint, issuer } = homeOf(network, region);
  const token = async (role: OperatorRole) =>
    requestToken({
      endpoint: network.tokenEndpoint,
      issuer,
      signer: await network.signerOf(`${region}.operator-1`),
      role,
      now: network.now(),
    });
  const send = async (source: string, scheme: string, content: object, now: Instant): Promise<number> => {
    const signer = await network.signerOf(`${region}.source-${source}`);
    const claims = { iss: source, jti: randomUUID(), scheme, facts: [], retracts: [], ...content };
    const batch = await signed('facts', claims, { audience: issuer, now, signer });
    const { added } = await postJson(FactsAnswer, `${endpoint}/facts`, { batch }, await token('facts'));
    return added;
  };
  return {
    /** Enrols whoever has this identity card; the same card leads to the same subject. */
    enrol: async (card: string): Promise<Enrolled> =>
      postJson(
        EnrolAnswer,
        `${endpoint}/subjects`,
        { identifiers: [{ kind: 'identity-card', value: card }] },
        await token('enrol'),
      ),
    /** Reports a fact; the region's published rules decide at once. The id by which it can be taken back. */
    report: async (
      subject: string,
      { source, scheme, type, fields, hoursAgo }: ReportedFact,
      now: Instant,
    ): Promise<string> => {
      const at = hourFloor(addHours(now, -hoursAgo));
      const id = `${type}-${formatInstant(at).slice(0, 13)}`;
      await send(source, scheme, { facts: [{ id, subject, type, at, fields }] }, now);
      return id;
    },
    /** A source takes back what it reported by mistake. */
    retract: async (source: string, scheme: string, subject: string, id: string, now: Instant) => {
      await send(source, scheme, { retracts: [{ id, subject }] }, now);
    },
  };
}

const RecordAnswer = z.object({
  decisions: z.array(z.object({ scheme: z.string(), level: z.string(), rule: z.string() })),
});

/** What the region says of its holder, to the holder: the newest decision. */
export async function newestDecision(
  endpoint: string,
  code: string,
  scheme: string,
): Promise<{ level: string; rule: string }> {
  const { decisions } = await postJson(RecordAnswer, `${endpoint}/record`, {}, code);
  return decisions.findLast((each) => each.scheme === scheme) ?? { level: 'none', rule: 'none' };
}

/** A holder ends all credentials, and all enrolment codes: the phone is lost. */
export async function revokeAll(endpoint: string, code: string): Promise<number> {
  const { revoked } = await postJson(RevocationAnswer, `${endpoint}/revocations`, {}, code);
  return revoked;
}
