import type { Bytes } from '@symbolon/protocol/bytes';
import type { Dice } from '../dice.ts';
import { AMBIGUITIES, CHANGES, changeTree, SPELLINGS, withMember } from './json-mutations.ts';
import { textOf, treeOf } from './json-tree.ts';

export type Files = Map<string, string | Bytes>;
/** What a bundle is made of; `older` was published before. */
export interface BundleParts {
  readonly files: ReadonlyMap<string, string | Bytes>;
  readonly older: ReadonlyMap<string, string | Bytes>;
  readonly bundle: Bytes;
  readonly olderBundle: Bytes;
}

const bytesOf = (content: string | Bytes = ''): Bytes =>
  typeof content === 'string' ? new Uint8Array(Buffer.from(content)) : new Uint8Array(content);

type FilesChange = (files: Files, dice: Dice, older: BundleParts['older']) => void;

const pathIn = (files: ReadonlyMap<string, unknown>, dice: Dice) => dice.pick([...files.keys()]);

const JSON_CHANGES = {
  ...CHANGES,
  ...AMBIGUITIES,
  ...SPELLINGS,
  'a member more': withMember(
    [
      'keys',
      'roles',
      'threshold',
      'expires',
      'version',
      'signedAt',
      'custom',
      'delegations',
      'revoked',
      'notAfter',
    ],
    [0, 1, 2 ** 31, '2099-01-01T00:00:00Z', [], {}],
  ),
};

/** Of the files of a bundle, before they are packed. */
export const FILES: Readonly<Record<string, FilesChange>> = {
  'a file out': (files, dice) => void files.delete(pathIn(files, dice)),
  'two files swapped': (files, dice) => {
    const [one, other] = [pathIn(files, dice), pathIn(files, dice)];
    const content = files.get(one) ?? '';
    files.set(one, files.get(other) ?? '').set(other, content);
  },
  'a file under another name': (files, dice) => {
    const path = pathIn(files, dice);
    const other = dice.oneIn(2)
      ? pathIn(files, dice).replace(/\d+/, (number) => String(Number(number) + 1))
      : path.toUpperCase();
    files.set(other, files.get(path) ?? '');
    if (dice.oneIn(2)) files.delete(path);
  },
  'a list of another region': (files, dice) => {
    const lists = [...files.keys()].filter((path) => path.startsWith('lists/'));
    const region = dice.pick(['CN-GD', 'CN-HA', 'CN-XX', 'keys']);
    files.set(
      `lists/${region}/${dice.pick(['500000', '500001', '500000.revocation'])}`,
      files.get(dice.pick(['', ...lists])) ?? '',
    );
  },
  'a file cut short': (files, dice) => {
    const path = pathIn(files, dice);
    const content = bytesOf(files.get(path));
    files.set(path, content.slice(0, dice.below(content.length + 1)));
  },
  'a bit of a file': (files, dice) => {
    const path = pathIn(files, dice);
    const content = bytesOf(files.get(path));
    const at = dice.below(Math.max(1, content.length));
    content[at] = (content[at] ?? 0) ^ (1 << dice.below(8));
    files.set(path, content);
  },
  'a byte behind a file': (files, dice) => {
    const path = pathIn(files, dice);
    files.set(path, new Uint8Array([...bytesOf(files.get(path)), dice.pick([10, 32, 0, 65])]));
  },
  'an older file': (files, dice, older) => {
    const path = pathIn(older, dice);
    files.set(path, older.get(path) ?? '');
  },
  'an older file of the same role': (files, dice, older) => {
    const path = pathIn(older, dice);
    const role = path.replace(/\d+\./, '');
    for (const each of files.keys()) if (each.replace(/\d+\./, '') === role) files.delete(each);
    files.set(path, older.get(path) ?? '');
  },
  'older files all but one': (files, dice, older) => {
    const kept = pathIn(files, dice);
    const content = files.get(kept) ?? '';
    files.clear();
    for (const [path, each] of older) files.set(path, each);
    files.set(kept, content);
  },
  'an older file under a newer name': (files, dice, older) => {
    const path = pathIn(older, dice);
    const role = path.replace(/\d+\./, '');
    const newer = [...files.keys()].find((each) => each.replace(/\d+\./, '') === role) ?? path;
    files.set(newer, older.get(path) ?? '');
  },
  'JSON of a file': (files, dice) => {
    const path = [...files.keys()].filter((each) => each.endsWith('.json')).at(dice.below(files.size)) ?? '';
    try {
      const tree = treeOf(Buffer.from(bytesOf(files.get(path))).toString());
      changeTree(tree, JSON_CHANGES, dice);
      files.set(path, textOf(tree));
    } catch {
      files.delete(path);
    }
  },
};
