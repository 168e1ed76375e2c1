import { join } from 'node:path';
import { type DataFolder, openDataFolder } from '@symbolon/local/data-folder';
import { type LocalNetwork, startNetwork } from '@symbolon/local/network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';

/** The verifier's function on the network that `npm start` runs. */

let home: Awaited<ReturnType<typeof temporaryFolder>>;
let folder: DataFolder;
let network: LocalNetwork;

beforeAll(async () => {
  home = await temporaryFolder();
  folder = await openDataFolder(join(home.path, 'federation'), false);
  const bundles = new URL('../../functions/dist/', import.meta.url);
  network = await startNetwork({ folder, port: 0, bundles, onLog: () => undefined });
});
afterAll(async () => {
  await network.stop();
  await folder.release();
  await home.remove();
});

it('symbolon dev starts a verifier, and says where', async () => {
  const directory = await (await fetch(`${network.baseUrl}/`)).json();
  expect(directory).toMatchObject({ verifier: network.verifierUrl });
  await network.publishNow();
  const response = await fetch(`${network.verifierUrl}/verdicts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      presentation: 'hello',
      policy: { region: 'CN-GD', purpose: 'venue-entry', schemes: ['health'], accept: 'health.present' },
    }),
  });
  expect([response.status, await response.json()]).toMatchObject([
    200,
    { reason: 'not-authentic', findings: [{ code: 'presentation-unrecognised' }] },
  ]);
});
