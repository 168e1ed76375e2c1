import { utf8 } from '@symbolon/protocol/bytes';
import { describe, expect, it } from 'vitest';
import { readBundle } from './bundle.ts';
import { gzip } from './gzip.ts';

const bundle = async (text: string) => readBundle(await gzip(utf8(text)));
const HEAD = '{"symbolonBundle":1,"files":{';

describe('REQ-BUN-002 a bundle is read by its one form, so a hostile one costs no more than its size', () => {
  it.each([
    ['nested arrays', `${HEAD}"a":${'['.repeat(5_000_000)}`],
    ['nested objects', `${HEAD}"a":${'{"a":'.repeat(2_000_000)}`],
    ['a string without end', `${HEAD}"a":"${'x'.repeat(5_000_000)}`],
    ['backslashes without end', `${HEAD}"a":"${'\\'.repeat(5_000_001)}"}}`],
    ['another member', '{"symbolonBundle":1,"files":{},"more":1}'],
    ['another order', '{"files":{},"symbolonBundle":1}'],
    ['white space', `${HEAD} "a":"b"}}`],
    ['a comma too many', `${HEAD}"a":"b",}}`],
    ['a comma too few', `${HEAD}"a":"b""c":"d"}}`],
    ['a number', `${HEAD}"a":1}}`],
    ['a path twice', `${HEAD}"a":"b","a":"c"}}`],
    ['a path that leaves', `${HEAD}"../a":"b"}}`],
    ['a bad escape', `${HEAD}"a":"\\x"}}`],
  ])('%s', async (_, text) => {
    await expect(bundle(text)).rejects.toMatchObject({ code: 'bundle-malformed' });
  });

  it('too many files are noticed at the first one too many', async () => {
    const files = Array.from({ length: 16_385 }, (_, i) => `"f${i}":""`).join(',');
    await expect(bundle(`${HEAD}${files}}}`)).rejects.toMatchObject({
      code: 'bundle-too-large',
      bound: 16_384,
    });
  });

  it('reads what it writes, quotes and backslashes included', async () => {
    const content = 'a "quoted" \\ text \\" with } and ] and 信符';
    const files = await bundle(
      `${HEAD}${JSON.stringify('metadata/a.json')}:${JSON.stringify(content)},"b":""}}`,
    );
    expect([...files].map(([path, bytes]) => [path, new TextDecoder().decode(bytes)])).toEqual([
      ['metadata/a.json', content],
      ['b', ''],
    ]);
    expect((await bundle(`${HEAD}}}`)).size).toBe(0);
  });
});
