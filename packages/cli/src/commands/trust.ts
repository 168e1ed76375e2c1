import { SymbolonError } from '@symbolon/protocol/errors';
import { formatInstant } from '@symbolon/protocol/instant';
import type { Trust } from '@symbolon/verifier/trust';
import { type Command, InvalidArgumentError } from 'commander';
import { systemNow } from '../clock.ts';
import { print, printJson, progressLine } from '../output/terminal.ts';
import { defaultTrustFolder } from '../trust/default-paths.ts';
import { pinRoot, pullBundle } from '../trust/pull.ts';
import { readOptional } from '../trust/trust-folder.ts';
import { repositoryUrl } from './arguments.ts';

/** `symbolon trust init|pull`: the pinned root, and the bundle that is checked against it. */
export function trustCommand(program: Command): void {
  const trust = program.command('trust').summary('pin a registry, and keep its bundle fresh');

  trust
    .command('init')
    .argument('<url>', 'where the registry is', repositoryUrl)
    .summary('pin a registry by its first root')
    .description(
      'Pins a registry by its first root, given as a file or by its SHA-256, and fetches the bundle.',
    )
    .option('--root <file>', 'the first root, got by a way that you trust')
    .option('--sha256 <hex>', 'its SHA-256, got by a way that you trust', sha256Option)
    .option('--trust <folder>', 'where to keep it', defaultTrustFolder())
    .option('--json', 'for machines')
    .addHelpText('after', '\nExample:\n  symbolon trust init https://registry.example/ --sha256 4c1f…')
    .action(
      async (url: string, options: { root?: string; sha256?: string; trust: string; json?: boolean }) => {
        const sha256 = await pinRoot(options.trust, url, await anchorOf(options));
        await pull(options.trust, options.json, { pinned: sha256 });
      },
    );

  trust
    .command('pull')
    .summary('fetch the bundle if it changed')
    .description(
      'Fetches the trust bundle if it changed, checks it against the pinned root and keeps it. An older one is refused.',
    )
    .option('--trust <folder>', 'where it is kept', defaultTrustFolder())
    .option('--json', 'for machines')
    .addHelpText('after', '\nExample:\n  symbolon trust pull')
    .action(async (options: { trust: string; json?: boolean }) => pull(options.trust, options.json));
}

async function anchorOf(options: { root?: string; sha256?: string }) {
  if (options.sha256 !== undefined) return { sha256: options.sha256 };
  const root = options.root === undefined ? undefined : await readOptional(options.root);
  if (root === undefined) throw new SymbolonError('no-trust-anchor');
  return { root };
}

async function pull(
  folder: string,
  json: boolean | undefined,
  extra: { pinned?: string } = {},
): Promise<void> {
  const progress = progressLine('trust bundle');
  const { trust, changed } = await pullBundle(folder, systemNow(), progress.update).finally(progress.done);
  if (json) printJson({ ...extra, changed, ...summaryOf(trust) });
  else {
    const { version, signedAt, regions, lists } = summaryOf(trust);
    print(
      `${changed ? 'Fetched' : 'Unchanged:'} registry version ${version}, signed ${signedAt}: ` +
        `${regions.length} regions (${regions.join(', ')}), ${lists} status lists.`,
    );
  }
}

function summaryOf({ registry, lists }: Trust) {
  return {
    version: registry.version,
    signedAt: formatInstant(registry.signedAt),
    regions: Object.keys(registry.regions),
    lists: lists.size,
  };
}

function sha256Option(value: string): string {
  if (!/^[0-9a-f]{64}$/.test(value))
    throw new InvalidArgumentError('It has 64 hexadecimal digits in lower case.');
  return value;
}
