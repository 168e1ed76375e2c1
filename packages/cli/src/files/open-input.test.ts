import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPresentation } from '../read-presentation.ts';
import { openInput } from './open-input.ts';

let folder: string;
let pipe: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-pipe-'));
  pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
});
afterAll(() => rm(folder, { recursive: true }));

describe('a named pipe', () => {
  it('that nobody writes to is given up, with a sentence', async () => {
    const giveUp = AbortSignal.abort();
    await expect(openInput(pipe, { giveUp })).rejects.toMatchObject({
      code: 'input-unreadable',
      sentence: 'Nobody writes to the named pipe.',
    });
  });

  it('that nobody writes to is waited for until then', async () => {
    const controller = new AbortController();
    const opened = openInput(pipe, { giveUp: controller.signal });
    const first = await Promise.race([opened, new Promise((resolve) => setImmediate(resolve, 'waits'))]);
    expect(first).toBe('waits');
    controller.abort();
    await expect(opened).rejects.toMatchObject({ code: 'input-unreadable' });
  });

  it('is read from the first byte to the end, however late someone writes', async () => {
    const reading = readPresentation(pipe, { giveUp: new AbortController().signal });
    const text = 'SYM1:'.padEnd(10_000, 'A');
    const writer = await open(pipe, 'w');
    await writer.writeFile(text.slice(0, 5000));
    await writer.writeFile(text.slice(5000));
    await writer.close();
    expect(await reading).toBe(text);
  });

  it('that is closed without a byte holds no presentation', async () => {
    const reading = readPresentation(pipe, { giveUp: new AbortController().signal });
    const refused = expect(reading).rejects.toMatchObject({ code: 'input-unreadable' });
    await (await open(pipe, 'w')).close();
    await refused;
  });
});
