import type { LocalNetwork } from '@symbolon/local/network';
import type { Instant } from '@symbolon/protocol/instant';
import { addHours, formatInstant, hourFloor } from '@symbolon/protocol/instant';
import * as z from 'zod/mini';
import { postJson } from '../wallet/post-json.ts';

type RegionId = LocalNetwork['regions'][number]['region'];

const EnrolAnswer = z.object({ subject: z.string(), code: z.string() });
const FactsAnswer = z.object({ level: z.string(), rule: z.string() });
const RevocationAnswer = z.object({ revoked: z.int() });

/** The identity card of the person in Beijing. */
export const CARD = 'TEST-CARD-0001';

export interface Enrolled {
  readonly subject: string;
  /** What the holder's wallet gets credentials with. */
  readonly code: string;
}

export interface ReportedFact {
  readonly scheme: string;
  readonly type: string;
  readonly fields: Readonly<Record<string, string | boolean>>;
  /** Hours before now. */
  readonly hoursAgo: number;
}

/** What an operator of a region does, over the region's own API with an operator's token. */
export function operatorOf(network: LocalNetwork, region: RegionId) {
  const endpoint = network.regions.find((each) => each.region === region)?.endpoint ?? network.baseUrl;
  return {
    /** Enrols whoever has this identity card; the same card leads to the same subject. */
    enrol: async (card: string): Promise<Enrolled> => {
      const token = await network.operatorToken(region, ['enrol']);
      return postJson(
        EnrolAnswer,
        `${endpoint}/subjects`,
        { identifiers: [{ kind: 'identity-card', value: card }] },
        token,
      );
    },
    /** Reports a fact; the region's published rules decide at once. */
    report: async (
      subject: string,
      fact: ReportedFact,
      now: Instant,
    ): Promise<{ level: string; rule: string }> => {
      const token = await network.operatorToken(region, ['facts']);
      const at = formatInstant(hourFloor(addHours(now, -fact.hoursAgo)));
      const id = `${fact.type}-${at.slice(0, 13)}`;
      const facts = [{ id, type: fact.type, at, fields: fact.fields }];
      return postJson(FactsAnswer, `${endpoint}/facts`, { subject, scheme: fact.scheme, facts }, token);
    },
  };
}

/** A holder ends all credentials, and all enrolment codes: the phone is lost. */
export async function revokeAll(endpoint: string, code: string): Promise<number> {
  const { revoked } = await postJson(RevocationAnswer, `${endpoint}/revocations`, {}, code);
  return revoked;
}
