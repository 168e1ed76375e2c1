import { type Bytes, utf8 } from '@symbolon/protocol/bytes';

/** How this package writes a JSON file: for people to read and compare. */
export function jsonFile(value: object): Bytes {
  return utf8(`${JSON.stringify(value, null, 2)}\n`);
}
