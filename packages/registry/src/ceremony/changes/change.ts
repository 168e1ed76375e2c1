import { sha256 } from '@symbolon/keys/digest';
import { type Bytes, toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { targetFile } from '../../metadata/file-names.ts';
import type { ChangeRecord } from './change-record.ts';

type WithContent<T> = T extends unknown
  ? {
      readonly [K in keyof T]: K extends 'files'
        ? ReadonlyMap<string, Bytes> | Extract<T[K], undefined>
        : T[K];
    }
  : never;

/** A change as it is made: a record of it (change-record.ts says what each one is), with the contents of its files by target path. */
export type Change = WithContent<ChangeRecord>;
export type ChangeOf<K extends Change['change']> = Extract<Change, { readonly change: K }>;

export function recordOf(change: Change): ChangeRecord {
  switch (change.change) {
    case 'create':
    case 'put':
      return { ...change, files: hashesOf(change.files) };
    case 'add-region':
      return { ...change, files: change.files && hashesOf(change.files) };
    default:
      return change;
  }
}

/**
 * A change with the contents of its files, to propose it again on top of what is published now.
 *
 * @param targets the event's files, by path in the repository
 * @throws SymbolonError `event-malformed` when a content is not among them
 */
export function changeOf(record: ChangeRecord, targets: ReadonlyMap<string, Bytes>): Change {
  const contents = (files: Readonly<Record<string, string>>) =>
    new Map(
      Object.entries(files).map(([path, hash]): [string, Bytes] => {
        const content = targets.get(targetFile(path, hash));
        if (content === undefined) throw new SymbolonError('event-malformed', { path: 'changes' });
        return [path, content];
      }),
    );
  switch (record.change) {
    case 'create':
    case 'put':
      return { ...record, files: contents(record.files) };
    case 'add-region':
      return { ...record, files: record.files && contents(record.files) };
    default:
      return record;
  }
}

function hashesOf(files: ReadonlyMap<string, Bytes>): Record<string, string> {
  return Object.fromEntries([...files].map(([path, bytes]) => [path, toHex(sha256(bytes))]));
}
