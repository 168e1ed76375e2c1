import { createHash } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AuditState } from '@symbolon/audit/audit-state';
import { type LogState, newState } from '@symbolon/audit/log-state';
import { formatState, parseState } from '@symbolon/audit/stored-state';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { createFile, isFault, MODE, replaceFile } from '../files/write-file.ts';
import { UsageError } from '../usage-error.ts';

/** Where an auditor keeps what it has read: a file for each log, evidence beside it, and a copy of the registry's files. */
export interface StateFolder extends AuditState {
  readonly path: string;
  /** @throws UsageError when another audit has written it since it was read here */
  save(state: LogState): Promise<void>;
  /** What a monitor has told, to tell it once. */
  told(): Promise<string | undefined>;
  keepTold(text: string): Promise<void>;
}

export function stateFolder(path: string): StateFolder {
  const fileOf = (origin: string) => join(path, 'logs', `${fileNameOf(origin)}.json`);
  const read = async (file: string) => {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if (isFault(error, 'ENOENT')) return undefined;
      throw error;
    }
  };
  /** Of each log's file, as it was left here. */
  const stamps = new Map<string, string | undefined>();
  const write = async (file: string, text: string) => {
    await mkdir(dirname(file), { recursive: true });
    await replaceFile(file, text, MODE.open);
  };
  return {
    path,
    log: async (origin) => {
      stamps.set(origin, await stampOf(fileOf(origin)));
      const text = await read(fileOf(origin));
      return text === undefined ? newState(origin) : parseState(text, origin);
    },
    save: async (state) => {
      const file = fileOf(state.origin);
      // Whoever came second has not held its checkpoint to what the first one saw.
      if ((await stampOf(file)) !== stamps.get(state.origin)) throw new UsageError(AT_WORK);
      await write(file, formatState(state));
      stamps.set(state.origin, await stampOf(file));
    },
    keepEvidence: async (origin, note) => {
      const name = `${fileNameOf(origin)}.${shortHash(note)}.checkpoint`;
      await mkdir(join(path, 'evidence'), { recursive: true });
      try {
        await createFile(join(path, 'evidence', name), note, MODE.open);
      } catch (error) {
        // The same note was kept before.
        if (!isSymbolonError(error) || error.code !== 'object-exists') throw error;
      }
      return name;
    },
    told: () => read(join(path, 'told.json')),
    keepTold: (text) => write(join(path, 'told.json'), text),
  };
}

const AT_WORK =
  'Another audit keeps its state in this folder: run this one again when that has ended, or give it a folder of its own with --state.';

/** Changes whenever the file is written. */
async function stampOf(file: string): Promise<string | undefined> {
  try {
    const { ino, mtimeMs } = await stat(file);
    return `${ino} ${mtimeMs}`;
  } catch (error) {
    if (isFault(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** No two origins have one name, and none leads out of the folder. */
function fileNameOf(origin: string): string {
  return `${origin.replaceAll(/[^A-Za-z0-9-]/g, '_')}-${shortHash(origin)}`;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
