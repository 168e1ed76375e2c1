import { sha256Hex } from '@symbolon/keys/digest';
import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { type Json, parseStrictJson } from '@symbolon/protocol/strict-json';

/**
 * Files of regions that differ in the region's name only: rules and recognition mostly follow from a law or a compact that is one for many. Each is held to its
 * length and hash like any other; what it says is read once, and kept once.
 *
 * A file as the ceremony writes it begins with the member `region`. Two that go on in the same way after it have the same other members: a second
 * `region` further down would be a duplicate name, and the first of them was not read then.
 */
export class Twins<T> {
  private readonly known = new Map<string, T>();

  /**
   * What `read` makes of a file, or made of a twin of it: so where the result names the region, the name may be the twin's.
   *
   * @param name what two files must have in common to be looked at as twins, their name in the folder
   * @throws SymbolonError `utf8-malformed`, `json-...`; what `read` throws
   */
  read(region: string, name: string, bytes: Bytes, read: (json: Json) => T): T {
    const readAlone = () => read(parseStrictJson(fromUtf8(bytes)));
    const head = `{\n  "region": "${region}",`;
    for (let i = 0; i < head.length; i++) if (bytes[i] !== head.charCodeAt(i)) return readAlone();
    const key = `${name} ${sha256Hex(bytes.subarray(head.length))}`;
    const twin = this.known.get(key);
    if (twin !== undefined) return twin;
    const first = readAlone();
    this.known.set(key, first);
    return first;
  }
}
