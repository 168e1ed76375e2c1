import { expect, it } from 'vitest';
import { jsonText, plain } from './terminal.ts';

it('JSON that is printed holds nothing that a terminal obeys, and says the same', () => {
  const value = { '\u202ename': 'a\u009b31m\u007f\u00ad\u2028\u{e0041}\u001b ä 绿' };
  const text = jsonText(value);
  expect(text).toBe('{"\\u202ename":"a\\u009b31m\\u007f\\u00ad\\u2028\\udb40\\udc41\\u001b ä 绿"}');
  expect(plain(text)).toBe(text);
  expect(JSON.parse(text)).toEqual(value);
});
