import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { bundleFolder, bundleFunctions } from '@symbolon/functions/bundle';
import { openDataFolder } from '@symbolon/local/data-folder';
import { type LocalNetwork, startNetwork } from '@symbolon/local/network';
import { addHours } from '@symbolon/protocol/instant';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import { statusAt } from '@symbolon/status/status-list';
import { STATUS } from '@symbolon/status/status-value';
import { openStatusListToken, parseStatusListToken } from '@symbolon/status/token';
import { type Answer, type IssuerClient, issuerClient } from '../../support/issuer-client.ts';
import type { Figure, Figures } from '../figure.ts';
import { type Settings, sampleOf } from '../measure.ts';
import { inTemporaryFolder } from '../workload/temporary-folder.ts';

const REGION = 'CN-HA';
/** On the sample's list of places at high risk. */
const PLACE = 'CN-HA.zhengzhou.test-market';
const SOURCE = { source: 'transport-records', scheme: 'health' };
const BATCH = 8;
/** A round is a second or two by the clock: a third as many as of what is measured in microseconds. */
const SHARE = 3;

/** Seconds by the clock since the retraction was sent. */
interface Corrected {
  readonly inWallet: number;
  readonly onList: number;
}

/**
 * A mistaken fact is corrected, over HTTP, by the bundled functions in the local network. `issue.correctionSeconds`: from the moment that the source's
 * retraction is sent (the operator's token and the source's signature among it) until a green batch of 8 is in the wallet (nonce, new keys, proofs).
 * `issue.correctionListSeconds`: from the same moment until the published list says that the red ones are withdrawn, when lists are published right after the
 * batch; in the cloud that waits for the next run of the schedule. By the clock, as people wait by it: whoever else uses the machine is measured, too.
 */
export async function figures(settings: Settings): Promise<Figures> {
  await bundleFunctions();
  return inTemporaryFolder(async (path) => {
    const folder = await openDataFolder(join(path, 'federation'), false);
    const network = await startNetwork({
      folder,
      port: 0,
      bundles: pathToFileURL(join(bundleFolder('issuer-api'), '..', '/')),
      onLog: () => undefined,
    });
    try {
      const rounds = Math.ceil(settings.rounds / SHARE);
      const corrected: Corrected[] = [];
      // The first one starts the functions, and is not measured.
      for (let round = -1; round < rounds; round++) {
        settings.progress('issue.correctionSeconds', Math.max(0, round), rounds);
        const result = await correct(network, folder.path, `${round + 1}`);
        if (round >= 0) corrected.push(result);
      }
      return {
        'issue.correctionSeconds': {
          ...seconds(corrected.map(({ inWallet }) => inWallet)),
          must: 5,
          aim: 2,
        },
        'issue.correctionListSeconds': seconds(corrected.map(({ onList }) => onList)),
      };
    } finally {
      await network.stop();
      await folder.release();
    }
  });
}

async function correct(network: LocalNetwork, folder: string, round: string): Promise<Corrected> {
  const client = clientOf(network, folder);
  const { subject, code } = await client.enrol(`TEST-CORRECTION-${round}`);
  const before = await batch(client, code, 'green');
  const stay = {
    id: 'stay',
    subject,
    type: 'stay',
    at: addHours(network.now(), -20),
    fields: { place: PLACE },
  };
  done(await client.report({ ...SOURCE, id: `mistake-${round}`, facts: [stay] }));
  const mistaken = await batch(client, code, 'red');
  await network.publishNow();
  await expectStatus(network, before, STATUS.SUSPENDED);
  await expectStatus(network, mistaken, STATUS.VALID);

  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  done(await client.report({ ...SOURCE, id: `correction-${round}`, retracts: [{ id: 'stay', subject }] }));
  const corrected = await batch(client, code, 'green');
  const inWallet = since();
  await network.publishNow();
  await expectStatus(network, mistaken, STATUS.SUSPENDED);
  const onList = since();
  await expectStatus(network, [...before, ...corrected], STATUS.VALID);
  return { inWallet, onList };
}

function clientOf(network: LocalNetwork, folder: string): IssuerClient {
  const home = network.regions.find(({ region }) => region === REGION);
  if (home === undefined) throw new Error('the region is missing');
  const { tokenEndpoint, now } = network;
  return issuerClient({ ...home, tokenEndpoint, folder, now });
}

function done({ status, body }: Answer): void {
  if (status !== 200 || body['state'] !== 'done') throw new Error('the facts were not taken in');
}

/** Asks for a batch of this level, and answers the status entries of its credentials. */
async function batch(client: IssuerClient, code: string, level: string): Promise<StatusEntry[]> {
  const { body } = await client.request(code, SOURCE.scheme, BATCH);
  const credentials: unknown = body['credentials'];
  const claims = (Array.isArray(credentials) ? credentials : []).map(
    ({ credential }) => parseSdJwt(String(credential)).claims,
  );
  if (claims.length !== BATCH || !claims.every((each) => each.level === level))
    throw new Error(`there is no batch of ${level}`);
  return claims.flatMap(({ statusEntry }) => statusEntry ?? []);
}

/** What a verifier reads: the list as it is published. */
async function expectStatus(
  { baseUrl }: LocalNetwork,
  entries: readonly StatusEntry[],
  status: number,
): Promise<void> {
  const lists = new Map<string, Awaited<ReturnType<typeof openStatusListToken>>>();
  for (const { uri, idx } of entries) {
    const id = uri.slice(uri.lastIndexOf('/') + 1);
    let list = lists.get(id);
    if (list === undefined) {
      const response = await fetch(`${baseUrl}/${REGION.toLowerCase()}/lists/${id}`);
      list = await openStatusListToken(parseStatusListToken(await response.text()));
      lists.set(id, list);
    }
    if (statusAt(list, idx) !== status) throw new Error(`the list does not say ${status}`);
  }
}

function seconds(values: readonly number[]): Figure {
  const { min, median, max } = sampleOf(values);
  return { value: median, spread: { min, max }, unit: 's', better: 'lower' };
}
