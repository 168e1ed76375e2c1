import { sha256 } from '@symbolon/keys/digest';
import { toHex } from '@symbolon/protocol/bytes';
import type { Publication } from '@symbolon/registry/ceremony/seal';
import { rootFile } from '@symbolon/registry/file-names';
import { print, printJson } from '../output/terminal.ts';

export interface ToldPublication {
  readonly publication: Publication;
  readonly isFirst: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** What was published. Of a first publication, what everyone is to pin. */
export function tellPublication({ publication, isFirst, dryRun, json }: ToldPublication): void {
  const { files } = publication;
  const version = versionOf(publication);
  const root = isFirst ? files.get(rootFile(1)) : undefined;
  const rootSha256 = root === undefined ? undefined : toHex(sha256(root));
  if (json) {
    printJson({ published: !dryRun, version, files: files.size + 1, ...(rootSha256 && { rootSha256 }) });
    return;
  }
  print(
    dryRun
      ? `It would be published as version ${version}. Nothing was written (--dry-run).`
      : `Published: the registry has version ${version} (${files.size + 1} files).`,
  );
  if (rootSha256 !== undefined) print(`The root to pin is ${rootFile(1)}, SHA-256 ${rootSha256}`);
}

function versionOf({ files }: Publication): number | undefined {
  const [version] = [...files.keys()].flatMap(
    (path) => /^metadata\/(\d+)\.snapshot\.json$/.exec(path)?.[1] ?? [],
  );
  return version === undefined ? undefined : Number(version);
}
