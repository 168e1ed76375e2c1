/** Where the files of a registry lie (TUF 1.0, section 6.2, consistent snapshots). All but timestamp.json never change. */

export const TIMESTAMP_FILE = 'metadata/timestamp.json';

/** `metadata/7.CN-HA.keys.json`: one version of a role's metadata. */
export function metadataFile(role: string, version: number): string {
  return `metadata/${version}.${role}.json`;
}

export function rootFile(version: number): string {
  return metadataFile('root', version);
}

/** `targets/regions/CN-HA/<sha256>.keys.json`: one content of a target, named by its hash. */
export function targetFile(path: string, sha256: string): string {
  const slash = path.lastIndexOf('/') + 1;
  return `targets/${path.slice(0, slash)}${sha256}.${path.slice(slash)}`;
}
