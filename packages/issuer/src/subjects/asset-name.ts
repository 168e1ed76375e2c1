/** What an asset's public name may be at most, in characters. */
export const ASSET_NAME_CHARS = 256;

/** RFC 8141, without components that are not part of the name; the namespace in small letters. */
const URN = /^urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:[A-Za-z0-9\-._~!$&'()*+,;=:@/%]+$/;
/** RFC 3986, section 2.1: one octet has one spelling. */
const OTHER_SPELLING = /%(?![0-9A-F]{2})/;

/**
 * Whether this can be the public name of an asset: an absolute `https:` or `urn:` IRI of ASCII, in the one spelling that a name has, and without anyone's
 * user name. It is shown to people, and a link may be made of it.
 */
export function isAssetName(name: string): boolean {
  if (name.length > ASSET_NAME_CHARS || OTHER_SPELLING.test(name)) return false;
  if (name.startsWith('urn:')) return URN.test(name);
  const url = URL.canParse(name) ? new URL(name) : undefined;
  return url?.protocol === 'https:' && url.href === name && url.username === '' && url.password === '';
}
