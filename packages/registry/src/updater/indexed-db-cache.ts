import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Cache } from './ports.ts';

const FILES = 'files';

export interface IndexedDbCache extends Cache {
  remove(path: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * The cache port in a browser: one database, one entry a file. Every call is one transaction, so a file is the old one or the new one, also
 * when the page is closed in the middle. The browser may empty it when space is short; the next update then fetches again.
 *
 * @param name of the database; the cache owns it
 * @throws SymbolonError `storage-failed` when the browser gives no database, or has no space
 */
export function indexedDbCache(name: string, databases: IDBFactory = indexedDB): IndexedDbCache {
  let opened: Promise<IDBDatabase> | undefined;
  const database = () => {
    opened ??= openDatabase(databases, name, () => {
      opened = undefined;
    });
    return opened;
  };
  const run = async <T>(mode: IDBTransactionMode, work: (files: IDBObjectStore) => () => T): Promise<T> => {
    try {
      return await transact(await database(), mode, work);
    } catch (cause) {
      // A database that failed, or that another page closed, is opened again by the next call.
      opened = undefined;
      throw new SymbolonError('storage-failed', { cause });
    }
  };
  return {
    read: (path) =>
      run('readonly', (files) => {
        const request: IDBRequest<unknown> = files.get(path);
        return () => bytesIn(request.result);
      }),
    write: (path, bytes) =>
      run('readwrite', (files) => {
        files.put(bytes, path);
        return () => undefined;
      }),
    remove: (path) =>
      run('readwrite', (files) => {
        files.delete(path);
        return () => undefined;
      }),
    retain: (paths) =>
      run('readwrite', (files) => {
        const request = files.getAllKeys();
        request.onsuccess = () => {
          for (const key of request.result) if (!paths.has(String(key))) files.delete(key);
        };
        return () => undefined;
      }),
    close: async () => {
      (await opened)?.close();
      opened = undefined;
    },
  };
}

function openDatabase(databases: IDBFactory, name: string, onClosed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = databases.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(FILES);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      // Whoever deletes the database, or brings a newer form of it, must not wait for this page.
      database.onversionchange = () => {
        database.close();
        onClosed();
      };
      database.onclose = onClosed;
      resolve(database);
    };
  });
}

/** What `work` answers is read once the transaction has lasted. */
function transact<T>(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  work: (files: IDBObjectStore) => () => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(FILES, mode, { durability: 'strict' });
    const answer = work(transaction.objectStore(FILES));
    transaction.oncomplete = () => resolve(answer());
    transaction.onabort = () => reject(transaction.error);
  });
}

function bytesIn(value: unknown): Bytes | undefined {
  return value instanceof Uint8Array ? new Uint8Array(value) : undefined;
}
