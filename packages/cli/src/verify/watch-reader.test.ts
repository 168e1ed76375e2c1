import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { watchReader } from './watch-reader.ts';

const never = new Promise<void>(() => undefined);
/** Has room for a byte, and takes none. */
const stuck = () => new Writable({ highWaterMark: 1, write: () => undefined });
const settled = () => new Promise<'waits'>((resolve) => setImmediate(resolve, 'waits'));

describe('a reader', () => {
  it('that is stuck is waited for until an interrupt', async () => {
    const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
    const reader = watchReader(stuck(), interrupted);
    const written = reader.write('line').then(() => 'written');
    expect(await Promise.race([written, settled()])).toBe('waits');
    interrupt();
    expect(await written).toBe('written');
    await reader.write('another');
    await reader.end();
  });

  it('that takes everything has everything', async () => {
    const taken: string[] = [];
    const output = new Writable({
      highWaterMark: 1,
      write: (chunk, _, done) => {
        taken.push(String(chunk));
        setImmediate(done);
      },
    });
    const reader = watchReader(output, never);
    await reader.write('a');
    await reader.write('b');
    expect([await reader.end(), taken.join('')]).toEqual([true, 'ab']);
  });

  it('that goes away before the end has not', async () => {
    const output = new Writable({ write: (_chunk, _, done) => done(new Error('gone')) });
    const reader = watchReader(output, never);
    await reader.write('a');
    expect(await reader.end()).toBe(false);
    await reader.gone;
  });
});
