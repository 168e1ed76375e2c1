import { stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fileObjects } from '@symbolon/local/files/objects';
import { EndpointUrl } from '@symbolon/protocol/schemas/common';
import { httpRepository } from '@symbolon/registry/http-repository';
import type { ObjectStore } from '@symbolon/registry/object-store';
import type { ReadFile } from '@symbolon/registry/source';
import { FileFault } from '../files/file-fault.ts';
import { UsageError } from '../usage-error.ts';

/** Where a registry is. */
export interface RegistryPlace {
  readonly read: ReadFile;
  /** Where a publication is written. Nothing for a web address: it is read only, and a function publishes there. */
  readonly store: ObjectStore | undefined;
  /** Whether others read it: a bucket or a web address, and no folder of this machine. */
  readonly isShared: boolean;
}

const FORMS =
  'A registry is a folder, a file:// URL of a folder, s3://BUCKET/PREFIX, or an https:// URL (http on this machine only).';

/**
 * @param mustExist whether a folder that is not there is a mistake; without it, it is made when something is written
 * @throws UsageError; FileFault when there is no such folder
 */
export async function registryPlace(uri: string, mustExist: boolean): Promise<RegistryPlace> {
  if (uri.startsWith('s3://')) return stored(await bucketAt(uri), true);
  if (/^https?:\/\//.test(uri)) return webPlace(uri);
  if (/^[a-z][a-z0-9+.-]+:/i.test(uri) && !uri.startsWith('file://')) throw new UsageError(FORMS);
  const folder = resolve(uri.startsWith('file://') ? fileURLToPath(uri) : uri);
  if (mustExist && !(await isFolder(folder))) {
    throw new FileFault(`There is no folder at the address given with --registry. ${FORMS}`);
  }
  return stored(fileObjects(pathToFileURL(folder + sep)), false);
}

function stored(store: ObjectStore, isShared: boolean): RegistryPlace {
  return { read: (path) => store.read(path), store, isShared };
}

function webPlace(uri: string): RegistryPlace {
  if (!EndpointUrl.safeParse(uri).success) throw new UsageError(FORMS);
  const { fetch } = httpRepository({ baseUrl: uri.replace(/\/+$/, '') });
  return { read: (path, { maxBytes }) => fetch(path, maxBytes), store: undefined, isShared: true };
}

async function bucketAt(uri: string): Promise<ObjectStore> {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url === undefined || url.hostname === '') throw new UsageError(FORMS);
  // Loaded only here: the client takes longer to load than most commands to run.
  const [{ S3Client }, { s3Objects }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@symbolon/aws/s3/objects'),
  ]);
  return s3Objects(new S3Client({}), url.hostname, url.pathname.replace(/^\/+|\/+$/g, ''));
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
