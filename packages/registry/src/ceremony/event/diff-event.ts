import { formatInstant } from '@symbolon/protocol/instant';
import { isJsonObject, type JsonObject } from '@symbolon/protocol/strict-json';
import type { RootMetadata, TargetsMetadata } from '../../metadata/metadata.ts';
import { delegationsDiff } from '../diff/delegations-diff.ts';
import { jsonDiff } from '../diff/json-diff.ts';
import { type DiffLine, textOf } from '../diff/line.ts';
import { escapedTitle } from '../diff/markdown.ts';
import { placeLines, type Room, roomOf } from '../diff/place-lines.ts';
import { rootDiff } from '../diff/root-diff.ts';
import { targetsDiff } from '../diff/targets-diff.ts';
import { warningsOf } from '../diff/warnings.ts';
import type { Draft } from '../draft.ts';
import { layOver } from './lay-over.ts';
import { metadataOf, ROOT, type SigningEvent } from './signing-event.ts';

export interface EventDiff {
  readonly lines: readonly DiffLine[];
  /** Whether nothing differs but versions and how long the roles are valid. */
  readonly isRenewal: boolean;
  /** The same as Markdown: what `DIFF.md` holds. */
  readonly text: string;
}

/**
 * What an event would change, made from its files and from what is published, and from nothing that it says of itself. Every field that is to be signed
 * and differs is told; where something is cut or could not be compared, a warning says so. Whether it may be changed so is NOT judged (`checkEvent`).
 *
 * @param published nothing, where nothing is published yet
 */
export function diffEvent(event: SigningEvent, published: Draft | undefined): EventDiff {
  const overlay = layOver(event, published);
  const room = roomOf();
  const sections = [...metadataOf(event)].map(([role, metadata]) => {
    const before = role === ROOT ? published?.base?.trust.root : published?.roles.get(role);
    const lines = [
      ...commonDiff(role, before, metadata, room),
      ...(role === ROOT
        ? rootDiff(overlay, room)
        : [...delegationsDiff(overlay, role, room), ...targetsDiff(overlay, role, room)]),
    ];
    return { title: `${role}: version ${metadata.signed.version}`, lines };
  });
  const changes = sections.flatMap(({ lines }) => lines);
  const warnings = [...warningsOf(overlay), ...gapWarnings(changes)];
  const isRenewal = changes.every(({ subject }) => OF_ANY_RENEWAL.includes(subject));
  return {
    lines: [...changes, ...warnings],
    isRenewal,
    text: markdown(event, isRenewal, [...sections, { title: 'Warnings', lines: warnings }]),
  };
}

/** The event with a `DIFF.md` against what is published now. */
export function withDiff(event: SigningEvent, published: Draft | undefined): SigningEvent {
  return { ...event, diff: diffEvent(event, published).text };
}

const OF_ANY_RENEWAL: readonly string[] = ['expires', 'version', 'replaces'];

/** Where they are, the `!` lines may have scrolled away. */
function gapWarnings(lines: readonly DiffLine[]): readonly DiffLine[] {
  const gaps = lines.filter(({ isGap }) => isGap).length;
  const [first] = lines;
  if (gaps === 0 || first === undefined) return [];
  const subject = `${gaps} ${gaps === 1 ? 'place' : 'places'} above (marked !) not shown whole: compare the files`;
  return [{ role: first.role, mark: 'warning', subject }];
}

type Known = RootMetadata | TargetsMetadata;

/** Fields that any role has, and those that this version does not know. The version only where it is not simply the next one. */
function commonDiff(role: string, before: Known | undefined, after: Known, room: Room): readonly DiffLine[] {
  const isNext = after.signed.version === (before?.signed.version ?? 0) + 1;
  const rest = ({ raw }: Known): JsonObject => {
    const { _type, version, targets, delegations, keys, roles, ...others } = raw;
    const { keys: _keys, roles: _roles, ...rest } = isJsonObject(delegations) ? delegations : {};
    return {
      ...others,
      ...(!isNext && version !== undefined && { version }),
      ...(Object.keys(rest).length > 0 && { delegations: rest }),
    };
  };
  return placeLines(role, '', jsonDiff(before === undefined ? {} : rest(before), rest(after)), room);
}

interface Section {
  readonly title: string;
  readonly lines: readonly DiffLine[];
}

function markdown(
  { title, createdAt, base }: SigningEvent,
  isRenewal: boolean,
  sections: readonly Section[],
): string {
  const from =
    base === undefined ? 'The first publication.' : `Prepared on publication ${base.snapshotVersion}.`;
  const blocks = sections
    .filter(({ lines }) => lines.length > 0)
    .map((section) => `## ${section.title}\n\n\`\`\`diff\n${section.lines.map(textOf).join('\n')}\n\`\`\`\n`);
  return [
    `# ${escapedTitle(title)}\n`,
    `${from} Made at ${formatInstant(createdAt)}. So says its maker: the title and this line are not signed by admins.\n`,
    ...(isRenewal ? ['It changes nothing: only versions, and how long they are valid.\n'] : []),
    ...blocks,
  ].join('\n');
}
