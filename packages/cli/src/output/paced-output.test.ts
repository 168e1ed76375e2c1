import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { pacedOutput } from './paced-output.ts';

const never = new Promise<void>(() => undefined);
/** Has room for a byte, and takes none. */
const stuck = () => new Writable({ highWaterMark: 1, write: () => undefined });
const settled = () => new Promise<'waits'>((resolve) => setImmediate(resolve, 'waits'));

describe('a reader', () => {
  it('that is stuck is waited for until an interrupt', async () => {
    const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
    const paced = pacedOutput(stuck(), interrupted);
    const written = paced.write('line').then(() => 'written');
    expect(await Promise.race([written, settled()])).toBe('waits');
    interrupt();
    expect(await written).toBe('written');
    await paced.write('another');
    await paced.end();
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
    const paced = pacedOutput(output, never);
    await paced.write('a');
    await paced.write('b');
    expect([await paced.end(), taken.join('')]).toEqual([true, 'ab']);
  });

  it('that goes away before the end has not', async () => {
    const output = new Writable({ write: (_chunk, _, done) => done(new Error('gone')) });
    const paced = pacedOutput(output, never);
    await paced.write('a');
    expect(await paced.end()).toBe(false);
    await paced.gone;
  });
});
