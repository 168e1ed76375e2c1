import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Fetcher, Updater } from 'tuf-js';

const TARGET = /^targets\/(.*?)[0-9a-f]{64}\.([^/]+)$/;

/** Folders of two clients that have the first root and nothing else. */
export interface NewClients {
  readonly refreshing: string;
  readonly reading: string;
}

export interface TufPeer {
  readonly newClients: (count: number) => Promise<readonly NewClients[]>;
  /** The top-level metadata only: no region is known after it. */
  readonly refresh: (client: string) => Promise<boolean>;
  /** Every target, as `openBundle` has read them all. */
  readonly readAll: (client: string) => Promise<boolean>;
}

/** tuf-js on a repository in a folder: no server, and no copies on the way. */
export function tufPeer(
  repository: string,
  pinnedRoot: Uint8Array,
  files: ReadonlyMap<string, Uint8Array>,
): TufPeer {
  const targets = [...files.keys()].flatMap((path) => {
    const [, folder, name] = TARGET.exec(path) ?? [];
    return folder === undefined || name === undefined ? [] : [folder + name];
  });
  const base = pathToFileURL(repository).href;
  const fetcher: Fetcher = {
    downloadBytes: (url) => readFile(fileURLToPath(url)),
    downloadFile: (url, _maxLength, handler) => handler(fileURLToPath(url)),
  };
  const open = (client: string) =>
    new Updater({
      metadataDir: client,
      metadataBaseUrl: `${base}/metadata`,
      targetDir: client,
      targetBaseUrl: `${base}/targets`,
      fetcher,
      // There is one root only; its successor is not looked for.
      config: { maxRootRotations: 0 },
    });
  let clients = 0;
  const newClient = async () => {
    const folder = join(repository, 'clients', String(clients++));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'root.json'), pinnedRoot);
    return folder;
  };
  return {
    newClients: (count) =>
      Promise.all(
        Array.from({ length: count }, async () => ({
          refreshing: await newClient(),
          reading: await newClient(),
        })),
      ),
    refresh: async (client) => {
      await open(client).refresh();
      return true;
    },
    readAll: async (client) => {
      const updater = open(client);
      await updater.refresh();
      for (const path of targets) {
        const info = await updater.getTargetInfo(path);
        if (info === undefined) return false;
        await updater.downloadTarget(info);
      }
      return true;
    },
  };
}
