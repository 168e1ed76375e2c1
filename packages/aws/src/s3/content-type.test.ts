import { describe, expect, it } from 'vitest';
import { contentTypeOf } from './content-type.ts';

describe('what a published file is served as', () => {
  it.each([
    ['checkpoint', 'text/plain; charset=utf-8'],
    ['log/witnessed', 'text/plain; charset=utf-8'],
    ['log/registry.json', 'application/json'],
    ['metadata/1.root.json', 'application/json'],
    ['tile/0/x001/234.p/5', 'application/octet-stream'],
    ['trust.bundle', 'application/octet-stream'],
    ['checkpoint/000', 'application/octet-stream'],
  ])('%s: %s', (path, type) => {
    expect(contentTypeOf(path)).toBe(type);
  });
});
