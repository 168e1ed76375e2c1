import type { Command } from 'commander';
import { defaultTrustFolder } from '../trust/default-paths.ts';

/** What every command about a region's issuer takes. */
export interface RegionOptions {
  readonly trust: string;
  readonly json?: boolean;
}

/** What every command of an operator takes. */
export interface IssuerOptions extends RegionOptions {
  readonly key?: string;
  readonly passphraseFile?: string;
  readonly tokenEndpoint?: string;
}

export function addRegionOptions(command: Command): Command {
  return command
    .option('--trust <path>', 'the trust folder, which knows the region', defaultTrustFolder())
    .option('--json', 'for machines');
}

export function addIssuerOptions(command: Command): Command {
  return addRegionOptions(
    command
      .option('--key <address>', 'your operator key: a .jwe file, or awskms:///KEY (SYMBOLON_OPERATOR_KEY)')
      .option(
        '--passphrase-file <file>',
        'the passphrase of the key file, where no terminal is: a file that only you can read',
      )
      .option(
        '--token-endpoint <url>',
        "the region's authorization server (SYMBOLON_TOKEN_ENDPOINT); or a token in SYMBOLON_TOKEN",
      ),
  );
}
