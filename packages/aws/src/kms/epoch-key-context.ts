import type { EpochUse } from '@symbolon/issuer/ports';

export { EPOCH_USES } from '@symbolon/issuer/ports';

/** What a wrapped key is bound to: KMS opens it only for whoever names the same, and policies name it, too. */
export function epochKeyContext(
  region: string,
  use: EpochUse,
): { readonly region: string; readonly use: string } {
  return { region, use };
}

/** Where the keys of a use lie in their bucket: `<use>/<kid>.json`. */
export function epochKeyFile(use: EpochUse, kid: string): string {
  return `${use}/${kid}.json`;
}

/** The mark of a key that was published, beside it: whoever may reach the keys of a use reaches their marks. */
export function publishedMarkFile(use: EpochUse, kid: string): string {
  return epochKeyFile(use, `${kid}.published`);
}
