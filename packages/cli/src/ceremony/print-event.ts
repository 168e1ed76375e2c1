import { styleText } from 'node:util';
import type { Draft } from '@symbolon/registry/ceremony/draft';
import { diffEvent } from '@symbolon/registry/ceremony/event/diff-event';
import { type RoleSignatures, signaturesOf } from '@symbolon/registry/ceremony/event/signatures-of';
import { metadataOf, type SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { unpublishedPart } from '@symbolon/registry/ceremony/event/unpublished-part';
import { shellWord } from '../output/shell-word.ts';
import { heading, note, plain, print, printJson } from '../output/terminal.ts';
import type { RegistryPlace } from '../registry/place.ts';
import { signatureLines } from './signature-lines.ts';

export interface PrintedEvent {
  readonly event: SigningEvent;
  readonly published: Draft | undefined;
  /** Nothing when it was not written. */
  readonly folder: string | undefined;
  readonly json: boolean;
  /** Where it goes; a web address is published to by its function. */
  readonly place: RegistryPlace | undefined;
}

/** What an event does to what is published, who has signed it, and what comes next. */
export async function printEvent(printed: PrintedEvent): Promise<void> {
  if (!printed.json) {
    printDiff(printed.event, printed.published);
    print('');
  }
  await printSignatures(printed);
}

/** Who has signed an event, and what comes next. For machines, all of it. */
export async function printSignatures(printed: PrintedEvent): Promise<void> {
  const { event, published, folder, json, place } = printed;
  const isReadOnly = place !== undefined && place.store === undefined;
  const roles = await signaturesOf(event, published);
  if (json) {
    const { lines: changes, isRenewal } = diffEvent(event, published);
    return printJson({
      event: folder ?? null,
      title: event.title,
      isRenewal,
      changes,
      roles: roles.map(asJson),
    });
  }
  for (const line of signatureLines(roles)) print(line);
  if (folder === undefined) return print('\nNothing was written (--dry-run).');
  print(`\n${heading('Event')}: ${folder}`);
  print(
    roles.some(isUnsigned)
      ? `Next: symbolon registry sign ${shellWord(folder)} --key NAME.jwe`
      : `Next: symbolon registry publish ${shellWord(folder)} ${isReadOnly ? '--publish-url URL' : '--online-key NAME.jwe'}`,
  );
}

/** The files of an event that too few have signed, one line each. */
export async function whoMustSign(
  event: SigningEvent,
  published: Draft | undefined,
): Promise<readonly string[]> {
  const unsigned = (await signaturesOf(event, published)).filter(isUnsigned);
  return unsigned.length === 0 ? [] : signatureLines(unsigned);
}

/** Roles of an event are signed apart, so someone may have published some of them: then only the others are published now. */
export async function tellPart(event: SigningEvent, published: Draft | undefined): Promise<void> {
  const open = metadataOf(await unpublishedPart(event, published));
  const all = metadataOf(event);
  const done = [...all].filter(([role]) => !open.has(role));
  if (done.length === 0) return;
  const names = done.map(([role, { signed }]) => `${role} ${signed.version}`).join(', ');
  note(
    `A part of this event was published before: ${names}. What is published now is the rest: ${[...open.keys()].join(', ')}.`,
  );
}

function isUnsigned({ by }: RoleSignatures): boolean {
  return by.some((each) => each.required && each.missing > 0);
}

/** Made here and now from the files: what lies in the folder as DIFF.md, anyone could have written. */
export function printDiff(event: SigningEvent, published: Draft | undefined): void {
  for (const line of diffEvent(event, published).text.trimEnd().split('\n')) print(coloured(plain(line)));
}

const COLOUR = { '+': 'green', '-': 'red', '!': 'yellow' } as const;

function coloured(line: string): string {
  for (const [mark, colour] of Object.entries(COLOUR)) {
    if (line.startsWith(`${mark} `)) return styleText(colour, line);
  }
  return line;
}

function asJson({ role, version, by }: RoleSignatures) {
  return {
    role,
    version,
    by: by.map(({ of, required, threshold, signed, open, missing }) => ({
      of,
      required,
      threshold,
      missing,
      signed: signed.map(({ kid }) => kid),
      open: open.map(({ kid }) => kid),
    })),
  };
}
