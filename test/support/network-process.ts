import { openDataFolder } from '@symbolon/local/data-folder';
import { startNetwork } from '@symbolon/local/network';

/**
 * The local network as a process of its own, to be killed: `network-process.ts FOLDER PORT BUNDLES`. It says `up` once it answers, and then runs what the
 * schedules run, again and again.
 */
const [path = '', port = '', bundles = ''] = process.argv.slice(2);
const folder = await openDataFolder(path, false);
const network = await startNetwork({
  folder,
  port: Number(port),
  bundles: new URL(bundles),
  onLog: (place, line) => process.stderr.write(`${place} ${line}\n`),
});
process.stdout.write('up\n');
for (;;) {
  // What a half-made write left is mended by a later run, and a run that fails is tried again.
  await network.publishNow().catch(() => undefined);
  await network.keepDecisionsNow().catch(() => undefined);
}
