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
  unreadable: 'Its record cannot be read, so which publications were before it is not known.',
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

function printEntry({ version, at, title, isWhole, roles, unpublishedRoot }: HistoryEntry): void {
  const time = at === undefined ? '(time unreadable)' : formatInstant(at);
  print(`${heading(`${version}`)}  ${time}  ${title === undefined ? '(title unreadable)' : plain(title)}`);
  if (!isWhole) print('    ! its record is malformed: what follows is what the files say');
  else if (roles.length === 0) print('    the snapshot was renewed, and nothing else');
  for (const { role, version, signers, threshold, keys } of roles) {
    const kids = signers.map(({ kid }) => kid).join(', ');
    const by =
      threshold === 0 ? 'whose signatures counted is not known' : `signed by ${kids} (${threshold} must)`;
    print(`    ${role} ${version}: ${by}`);
    for (const [what, changed] of Object.entries(keys ?? {})) {
      if (changed.length > 0) print(`        keys ${what}: ${changed.join(', ')}`);
    }
  }
  if (unpublishedRoot !== undefined) print(`    root ${unpublishedRoot} was to come with it, and never did`);
}

function asJson({ version, at, title, isWhole, roles, unpublishedRoot }: HistoryEntry) {
  return {
    version,
    at: at === undefined ? null : formatInstant(at),
    title: title ?? null,
    ...(!isWhole && { malformed: true }),
    roles: roles.map(roleJson),
    ...(unpublishedRoot !== undefined && { unpublishedRoot }),
  };
}

function roleJson({ role, version, signers, threshold, keys }: HistoryEntry['roles'][number]) {
  const signed = signers.map(({ kid }) => kid);
  return { role, version, threshold, signed, ...(keys !== undefined && { keys }) };
}
