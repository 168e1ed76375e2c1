import { textOf } from '@symbolon/protocol/codes';
import { formatInstant, HOUR_SECONDS } from '@symbolon/protocol/instant';
import type { Command } from 'commander';
import { systemNow } from '../clock.ts';
import { heading, note, plain, print, printJson } from '../output/terminal.ts';
import { defaultTrustFolder } from '../trust/default-paths.ts';
import { loadTrust } from '../trust/load-trust.ts';

/** `symbolon registry status`: what the trusted registry says, and how fresh it is. */
export function registryCommand(program: Command): void {
  program
    .command('registry')
    .summary('look into the key registry')
    .command('status')
    .summary('versions, ages and keys of the trusted registry')
    .description(
      'Shows the registry as this verifier trusts it: version, freshness, regions and their keys. No network.',
    )
    .option('--trust <path>', 'a folder made by "trust init", or a bundle file', defaultTrustFolder())
    .option('--root <file>', 'the pinned root (a trust folder has its own)')
    .option('--json', 'for machines')
    .addHelpText('after', '\nExample:\n  symbolon registry status --json')
    .action(async (options: { trust: string; root?: string; json?: boolean }) => {
      const now = systemNow();
      const { registry } = await loadTrust({
        trust: options.trust,
        ...(options.root === undefined ? {} : { root: options.root }),
        now,
        warn: note,
      });
      const regions = Object.values(registry.regions).map(({ region, keys, ruleSets, expires }) => ({
        region: region.region,
        name: region.names.en,
        issuer: region.issuer,
        schemes: Object.keys(ruleSets),
        expires: formatInstant(expires),
        keys: keys.map((key) => ({
          kid: key.kid,
          use: key.use,
          alg: key.alg,
          notBefore: formatInstant(key.notBefore),
          notAfter: formatInstant(key.notAfter),
          state: key.revoked
            ? 'revoked'
            : now < key.notBefore
              ? 'next'
              : now < key.notAfter
                ? 'current'
                : 'ended',
        })),
      }));
      const status = {
        version: registry.version,
        signedAt: formatInstant(registry.signedAt),
        ageHours: Math.round(((now - registry.signedAt) / HOUR_SECONDS) * 10) / 10,
        rootExpires: formatInstant(registry.rootExpires),
        targetsExpires: formatInstant(registry.targetsExpires),
        schemes: Object.keys(registry.schemes),
        regions,
        unusable: registry.malformedRegions,
      };
      if (options.json) return printJson(status);
      print(
        `${heading(plain(registry.federation.names.en))}: version ${status.version}, signed ${status.signedAt} (${status.ageHours} h ago)`,
      );
      print(
        `root until ${status.rootExpires}, targets until ${status.targetsExpires}; schemes: ${status.schemes.join(', ')}`,
      );
      for (const region of regions) {
        print(
          `\n${heading(region.region)} ${plain(region.name)}: ${region.schemes.join(', ')}; files until ${region.expires}`,
        );
        for (const key of region.keys) {
          print(
            `  ${key.kid} ${key.use.padEnd(10)} ${key.alg} ${key.state.padEnd(8)} ${key.notBefore} to ${key.notAfter}`,
          );
        }
      }
      for (const [region, code] of Object.entries(registry.malformedRegions))
        print(`\n${region}: ${textOf(code)} [${code}]`);
    });
}
