import { formatInstant, HOUR_SECONDS } from '@symbolon/protocol/instant';
import type { Command } from 'commander';
import { systemNow } from '../../clock.ts';
import { printRegions } from '../../output/region-text.ts';
import { heading, note, plain, print, printJson } from '../../output/terminal.ts';
import { adminStatus } from '../../registry/admin-status.ts';
import { regionStatus } from '../../registry/region-status.ts';
import { defaultTrustFolder } from '../../trust/default-paths.ts';
import { loadTrust } from '../../trust/load-trust.ts';

interface Options {
  readonly trust: string;
  readonly registry?: string;
  readonly root?: string;
  readonly json?: boolean;
}

/** `symbolon registry status`: what the registry says, and how fresh it is; for verifiers, or with `--registry` for admins. */
export function statusCommand(parent: Command): void {
  parent
    .command('status')
    .summary('versions, ages and keys of the registry')
    .description(
      'Shows the registry as this verifier trusts it: version, freshness, regions and their keys. No network. With --registry, as it is published: also who ' +
        'holds which role, and what a publication that broke off has left.',
    )
    .option(
      '--registry <address>',
      'the published registry: a folder, file://, s3://BUCKET/PREFIX or https://',
    )
    .option('--trust <path>', 'a folder made by "trust init", or a bundle file', defaultTrustFolder())
    .option('--root <file>', 'the pinned root (a trust folder has its own)')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\nExamples:\n  symbolon registry status --json\n  symbolon registry status --registry s3://registry/ --root root.json',
    )
    .action(async (options: Options, command: Command) => {
      const asksTrust = command.getOptionValueSource('trust') === 'cli';
      const isNamed = options.registry !== undefined || process.env['SYMBOLON_REGISTRY'] !== undefined;
      await (isNamed && !asksTrust ? adminStatus(options) : verifierStatus(options));
    });
}

async function verifierStatus({ trust, root, json }: Options): Promise<void> {
  const now = systemNow();
  const { registry } = await loadTrust({ trust, ...(root !== undefined && { root }), now, warn: note });
  const status = {
    version: registry.version,
    signedAt: formatInstant(registry.signedAt),
    ageHours: Math.round(((now - registry.signedAt) / HOUR_SECONDS) * 10) / 10,
    rootExpires: formatInstant(registry.rootExpires),
    targetsExpires: formatInstant(registry.targetsExpires),
    schemes: Object.keys(registry.schemes),
    regions: regionStatus(registry, now),
    unusable: registry.malformedRegions,
  };
  if (json) return printJson(status);
  print(
    `${heading(plain(registry.federation.names.en))}: version ${status.version}, signed ${status.signedAt} (${status.ageHours} h ago)`,
  );
  print(
    `root until ${status.rootExpires}, targets until ${status.targetsExpires}; schemes: ${status.schemes.join(', ')}`,
  );
  printRegions(status);
}
