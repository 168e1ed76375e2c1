import { formatInstant } from '@symbolon/protocol/instant';
import { isJsonObject, type JsonObject } from '@symbolon/protocol/strict-json';
import type { RootMetadata, TargetsMetadata } from '../../metadata/metadata.ts';
import { authorityOf } from '../../metadata/threshold.ts';
import { authorityDiff } from '../diff/authority-diff.ts';
import { delegationsDiff } from '../diff/delegations-diff.ts';
import { jsonDiff } from '../diff/json-diff.ts';
import { changeLine, type DiffLine, textOf } from '../diff/line.ts';
import { targetsDiff } from '../diff/targets-diff.ts';
import { warningsOf } from '../diff/warnings.ts';
import type { Draft } from '../draft.ts';
import { TOP_ROLES } from '../root.ts';
import { layOver, type Overlay } from './lay-over.ts';
import { metadataOf, ROOT, type SigningEvent } from './signing-event.ts';

export interface EventDiff {
  readonly lines: readonly DiffLine[];
  /** The same as Markdown: what `DIFF.md` holds. */
  readonly text: string;
}

/**
 * What an event would change, made from its files and from what is published, and from nothing that it says of itself. Every field that is to be signed
 * and differs is told. Whether it may be changed so is NOT judged (`checkEvent`).
 *
 * @param published nothing, where nothing is published yet
 */
export function diffEvent(event: SigningEvent, published: Draft | undefined): EventDiff {
  const overlay = layOver(event, published);
  const sections = [...metadataOf(event)].map(([role, metadata]) => {
    const before = role === ROOT ? published?.base?.trust.root : published?.roles.get(role);
    const lines = [
      ...commonDiff(role, before, metadata),
      ...(role === ROOT
        ? rootDiff(overlay)
        : [...delegationsDiff(overlay, role), ...targetsDiff(overlay, role)]),
    ];
    return { title: `${role}: version ${metadata.signed.version}`, lines };
  });
  const warnings = warningsOf(overlay);
  return {
    lines: [...sections.flatMap(({ lines }) => lines), ...warnings],
    text: markdown(event, [...sections, { title: 'Warnings', lines: warnings }]),
  };
}

/** The event with a `DIFF.md` against what is published now. */
export function withDiff(event: SigningEvent, published: Draft | undefined): SigningEvent {
  return { ...event, diff: diffEvent(event, published).text };
}

type Known = RootMetadata | TargetsMetadata;

/** Fields that any role has, and those that this version does not know. What only follows from the rest is left out. */
function commonDiff(role: string, before: Known | undefined, after: Known): readonly DiffLine[] {
  const rest = ({ raw }: Known): JsonObject => {
    const { _type, version, replaces, targets, delegations, keys, roles, ...others } = raw;
    const { keys: _keys, roles: _roles, ...rest } = isJsonObject(delegations) ? delegations : {};
    return { ...others, ...(Object.keys(rest).length > 0 && { delegations: rest }) };
  };
  const places = jsonDiff(before === undefined ? {} : rest(before), rest(after));
  return places.map((place) => changeLine(role, place.path, place));
}

function rootDiff({ event: { root }, published }: Overlay): readonly DiffLine[] {
  if (root === undefined) return [];
  const old = published?.base?.trust.root;
  return TOP_ROLES.flatMap((role) =>
    authorityDiff(
      ROOT,
      role,
      old && authorityOf(old, old.signed.roles[role]),
      authorityOf(root, root.signed.roles[role]),
    ),
  );
}

interface Section {
  readonly title: string;
  readonly lines: readonly DiffLine[];
}

function markdown({ title, createdAt, base }: SigningEvent, sections: readonly Section[]): string {
  const from =
    base === undefined ? 'The first publication.' : `Prepared on publication ${base.snapshotVersion}.`;
  const blocks = sections
    .filter(({ lines }) => lines.length > 0)
    .map((section) => `## ${section.title}\n\n\`\`\`diff\n${section.lines.map(textOf).join('\n')}\n\`\`\`\n`);
  return [`# ${title}\n`, `${from} Made at ${formatInstant(createdAt)}.\n`, ...blocks].join('\n');
}
