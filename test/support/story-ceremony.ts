import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Federation } from '@symbolon/protocol/schemas/federation';
import { Region } from '@symbolon/protocol/schemas/region';
import { jsonFile } from '@symbolon/registry/json-file';
import { openRegistry } from '@symbolon/registry/open-registry';
import { expect } from 'vitest';
import * as z from 'zod/mini';
import type { StoryNetwork } from './story-network.ts';

/** What a federation may let one office or rule do for the worse, and how long decisions by hand wait (docs/adr/0030). */
export const BURST = { perHour: 100, perDay: 500, perWeek: 1500, manualDelayMinutes: 15 };

/**
 * Admins of the federation sign its policy. Those of a region give one operator the roles of both: an office so small that one person has to do all, in which nothing but
 * the keys keeps them apart.
 */
export async function holdCeremonies(story: StoryNetwork, region: string): Promise<void> {
  const { network, folder, now } = story;
  const pinnedRoot = new Uint8Array(await readFile(network.root.path));
  const read = async (path: string) => {
    const response = await fetch(`${network.registryUrl}/${path}`);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
  };
  const { view } = await openRegistry({ read, pinnedRoot, now: now(), expiry: 'offline' });
  const federation = z.encode(Federation, { ...view.federation, burst: BURST });
  await publish(['admin-1', 'admin-2'], 'federation.json', jsonFile(federation));

  const own = view.regions[region]?.region ?? expect.unreachable();
  const { kid } = await network.signerOf(`${region}.operator-1`);
  const authorities = Object.entries(own.authorities).map(([name, office]) => {
    const operators = office.operators.map((each) =>
      each.kid === kid ? { ...each, roles: [...each.roles, 'approve' as const] } : each,
    );
    return [name, { ...office, operators }] as const;
  });
  const both = z.encode(Region, { ...own, authorities: Object.fromEntries(authorities) });
  const admins = [`${region}.admin-1`, `${region}.admin-2`];
  await publish(admins, 'region.json', jsonFile(both), '--region', region);

  async function publish(
    names: readonly string[],
    file: string,
    content: Uint8Array,
    ...more: readonly string[]
  ) {
    const [files, event] = [story.file(`new-${file}`), story.file(`event-${file}`)];
    await mkdir(files);
    await writeFile(join(files, file), content);
    const at = ['--registry', network.registryUrl, '--root', network.root.path];
    await story.ask(z.unknown(), ['registry', 'propose', '--files', files, '--event', event, ...more, ...at]);
    const keys = names.map((name) => join(folder, 'keys', `${name}.jwe`));
    const secret = ['--passphrase-file', join(folder, 'secrets', 'passphrase')];
    await story.ask(z.unknown(), ['registry', 'sign', event, '--key', ...keys, ...secret, '--yes', ...at]);
    await story.ask(z.unknown(), [
      'registry',
      'publish',
      event,
      '--publish-url',
      `${network.baseUrl}/hub`,
      ...at,
    ]);
  }
}
