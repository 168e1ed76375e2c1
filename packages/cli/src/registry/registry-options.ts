import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Command } from 'commander';
import { FileFault, givenBy } from '../files/file-fault.ts';
import { defaultTrustFolder } from '../trust/default-paths.ts';
import { readOptional, trustFolder } from '../trust/trust-folder.ts';
import { UsageError } from '../usage-error.ts';
import { type RegistryPlace, registryPlace } from './place.ts';

/** Which registry a command is about, and the anchor that it is checked against. */
export interface RegistryOptions {
  readonly registry?: string;
  readonly root?: string;
}

export function addRegistryOptions(command: Command): Command {
  return command
    .option(
      '--registry <address>',
      'where it is: a folder, file://, s3://BUCKET/PREFIX or https:// (SYMBOLON_REGISTRY; else that of "trust init")',
    )
    .option('--root <file>', 'the pinned root (SYMBOLON_ROOT; else that of "trust init")');
}

export interface OpenedPlace extends RegistryPlace {
  readonly pinnedRoot: Bytes;
}

/** @throws SymbolonError `no-trust-anchor`; UsageError when no registry is named */
export async function openPlace(options: RegistryOptions): Promise<OpenedPlace> {
  const place = await registryPlace(await addressOf(options), true);
  return { ...place, pinnedRoot: await pinnedRootOf(options) };
}

/** Where a registry is, or is going to be. @throws UsageError when none is named */
export async function addressOf(options: RegistryOptions): Promise<string> {
  const address = await namedAddress(options);
  if (address === undefined)
    throw new UsageError('Name the registry: --registry ADDRESS, or SYMBOLON_REGISTRY.');
  return address;
}

export async function namedAddress({ registry }: RegistryOptions): Promise<string | undefined> {
  const address = registry ?? process.env['SYMBOLON_REGISTRY'];
  return address ?? (await trustFolder(defaultTrustFolder()).origin())?.repository;
}

/** REQ-REG-001: the anchor is the admin's own, and never comes from where the registry is. */
async function pinnedRootOf({ root }: RegistryOptions): Promise<Bytes> {
  const path = root ?? process.env['SYMBOLON_ROOT'];
  if (path === undefined) {
    const kept = await trustFolder(defaultTrustFolder()).root();
    if (kept === undefined) throw new SymbolonError('no-trust-anchor');
    return kept;
  }
  const bytes = await givenBy('--root', () => readOptional(path));
  if (bytes === undefined)
    throw new FileFault('There is no root at --root (or SYMBOLON_ROOT): check the path.');
  return bytes;
}
