import type { Instant } from '@symbolon/protocol/instant';
import type { Lambda } from '../lambda/lambda.ts';
import { ALL_SAMPLE_REGIONS, sampleIssuer } from '../sample/regions.ts';
import type { DataFolder } from './data-folder.ts';
import { openKey } from './federation-keys.ts';
import { operatorToken } from './operator.ts';
import { listedKey, localOperator, operatorNames } from './operators.ts';
import { type KnownOperator, tokenEndpoint } from './token-endpoint.ts';

/** Where tokens are, below the network's base URL. */
export const TOKEN_PATH = '/operators/token';

/** One authorization server for the operators of all regions of the local network. In the world each region has its own. */
export async function localTokens(folder: DataFolder, url: string, clock: () => Instant): Promise<Lambda> {
  const server = await openKey(folder, 'operators');
  const known = new Map<string, readonly KnownOperator[]>();
  for (const region of ALL_SAMPLE_REGIONS) {
    const operators = operatorNames().map(async (name): Promise<KnownOperator> => {
      const { kid, jwk } = listedKey(await openKey(folder, `${region}.${name}`));
      return { kid, jwk, ...localOperator(region, name) };
    });
    known.set(sampleIssuer(region), await Promise.all(operators));
  }
  return tokenEndpoint({
    url,
    clock,
    operatorsOf: (issuer) => known.get(issuer),
    issue: ({ kid, authority }, audience, roles) =>
      operatorToken(server, { audience, roles, authority, kid }, clock()),
  });
}
