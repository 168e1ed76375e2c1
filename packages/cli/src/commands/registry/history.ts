import { formatInstant } from '@symbolon/protocol/instant';
import { type HistoryEntry, readHistory } from '@symbolon/registry/history/read-history';
import { loadFromAnchor } from '@symbolon/registry/open-registry';
import type { Command } from 'commander';
import { ceremonyNow } from '../../clock.ts';
import { heading, plain, print, printJson } from '../../output/terminal.ts';
import { addRegistryOptions, openPlace, type RegistryOptions } from '../../registry/registry-options.ts';
import { count } from '../arguments.ts';

interface Options extends RegistryOptions {
  readonly limit: number;
  readonly json?: boolean;
}

const END = {
  first: 'That is all: it began with the first one shown last.',
  unrecorded: 'Publications before these were made without a record.',
  limit: 'There are more: --limit.',
} as const;

/** `symbolon registry history`: who signed what, when. */
export function historyCommand(parent: Command): void {
  addRegistryOptions(parent.command('history'))
    .summary('every publication, and who signed what')
    .description(
      'Shows the publications, the newest first: when, what for, which roles changed, and whose signatures they carry, checked by the keys of that time. Each is ' +
        'named by hash in the one after it, so nobody can rewrite them.',
    )
    .option('--limit <n>', 'how many', count(10_000), 20)
    .option('--json', 'for machines')
    .addHelpText('after', '\nExample:\n  symbolon registry history --limit 5')
    .action(async ({ limit, json, ...options }: Options) => {
      const { read, pinnedRoot } = await openPlace(options);
      const { trust } = await loadFromAnchor({ read, pinnedRoot, now: ceremonyNow(), expiry: 'offline' });
      const { entries, end } = await readHistory(read, trust, { limit });
      if (json) return printJson({ publications: entries.map(asJson), end });
      for (const entry of entries) printEntry(entry);
      print(END[end]);
    });
}

function printEntry({ version, at, title, roles, unpublishedRoot }: HistoryEntry): void {
  print(`${heading(`${version}`)}  ${formatInstant(at)}  ${plain(title)}`);
  if (roles.length === 0) print('    the snapshot was renewed, and nothing else');
  for (const { role, version, signers, threshold, keys } of roles) {
    const kids = signers.map(({ kid }) => kid).join(', ');
    print(`    ${role} ${version}: signed by ${kids} (${threshold} must)`);
    for (const [what, changed] of Object.entries(keys ?? {})) {
      if (changed.length > 0) print(`        keys ${what}: ${changed.join(', ')}`);
    }
  }
  if (unpublishedRoot !== undefined) print(`    root ${unpublishedRoot} was to come with it, and never did`);
}

function asJson({ version, at, title, roles, unpublishedRoot }: HistoryEntry) {
  return {
    version,
    at: formatInstant(at),
    title,
    roles: roles.map(roleJson),
    ...(unpublishedRoot !== undefined && { unpublishedRoot }),
  };
}

function roleJson({ role, version, signers, threshold, keys }: HistoryEntry['roles'][number]) {
  const signed = signers.map(({ kid }) => kid);
  return { role, version, threshold, signed, ...(keys !== undefined && { keys }) };
}
