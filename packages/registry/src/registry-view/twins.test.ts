import { utf8 } from '@symbolon/protocol/bytes';
import { isJsonObject, type Json } from '@symbolon/protocol/strict-json';
import { describe, expect, it } from 'vitest';
import { jsonFile } from '../ceremony/json-file.ts';
import { Twins } from './twins.ts';

/** How often something was read, and what. */
function reader() {
  const read: Json[] = [];
  const twins = new Twins<Json>();
  return {
    read,
    of: (region: string, text: string | Uint8Array<ArrayBuffer>, name = 'rules') =>
      twins.read(region, name, typeof text === 'string' ? utf8(text) : text, (json) => {
        read.push(json);
        return json;
      }),
  };
}

const file = (region: string, rest: object) => jsonFile({ region, ...rest });

describe('files that differ in the name of the region only', () => {
  it('are read once', () => {
    const { of, read } = reader();
    const first = of('CN-BJ', file('CN-BJ', { rules: [1] }));
    expect(of('CN-HB.wuhan', file('CN-HB.wuhan', { rules: [1] }))).toBe(first);
    expect(read).toHaveLength(1);
  });

  it('are those that go on with the same bytes, under the same name', () => {
    const { of, read } = reader();
    of('CN-BJ', file('CN-BJ', { rules: [1] }));
    of('CN-HA', file('CN-HA', { rules: [2] }));
    of('CN-HB', file('CN-HB', { rules: [1], more: 1 }));
    of('CN-HE', file('CN-HE', { rules: [1] }), 'recognition');
    expect(read).toHaveLength(4);
  });

  it('are those that begin with the name of their own region, in the form of the ceremony', () => {
    const { of, read } = reader();
    of('CN-BJ', file('CN-BJ', { rules: [1] }));
    // Of another region; in another order; on one line.
    const texts = [
      file('CN-BJ', { rules: [1] }),
      jsonFile({ rules: [1], region: 'CN-HA' }),
      '{"region":"CN-HA","rules":[1]}',
    ];
    for (const text of texts) of('CN-HA', text);
    expect(read.map((json) => isJsonObject(json) && json['region'])).toEqual([
      'CN-BJ',
      'CN-BJ',
      'CN-HA',
      'CN-HA',
    ]);
  });

  it('REQ-DEC-014 have no other name further down', () => {
    const { of } = reader();
    const text = (region: string) => `{\n  "region": "${region}",\n  "region": "CN-GD"\n}\n`;
    for (const region of ['CN-BJ', 'CN-HA']) {
      expect(() => of(region, text(region))).toThrowError(
        expect.objectContaining({ code: 'json-duplicate-name' }),
      );
    }
  });

  it('are each refused, if the first of them was', () => {
    const twins = new Twins<Json>();
    const refuse = () => {
      throw new TypeError('refused');
    };
    for (const region of ['CN-BJ', 'CN-HA']) {
      expect(() => twins.read(region, 'rules', file(region, {}), refuse)).toThrow('refused');
    }
  });
});
