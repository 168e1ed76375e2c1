import { utf8 } from '@symbolon/protocol/bytes';
import { instant } from '@symbolon/protocol/instant';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import { describe, expect, it } from 'vitest';
import { linesOf } from './cut-chunks.ts';
import { type Judge, judged } from './judge-lines.ts';
import { runLines } from './run-lines.ts';

const ACCEPTED: Verdict = {
  outcome: 'accepted',
  at: instant(0),
  basis: { registryVersion: 1, signedAt: instant(0), ageSeconds: 0 },
  findings: [],
  statuses: [
    {
      region: 'CN-HA',
      scheme: 'health',
      level: 'green',
      countsAs: 'green',
      rule: 'clear@1',
      authority: 'cdc',
      assurance: 'standard',
      issuedAt: instant(0),
      expiresAt: instant(3600),
      contested: false,
      bearer: false,
      presentationId: 'A'.repeat(43),
      details: {},
    },
  ],
};

/** Accepts every line, and takes its text for the id of what was shown. */
const judge: Judge = async (chunk) => ({
  lines: [...linesOf(chunk)].map(({ line, bytes }) =>
    judged(line, undefined, ACCEPTED, [new TextDecoder().decode(bytes)]),
  ),
  blank: 0,
});

async function run(shown: readonly string[], remembered?: number) {
  async function* input() {
    // Each in a chunk of its own.
    for (const id of shown) yield utf8(`${id}\n`);
  }
  const printed: string[] = [];
  const counts = await runLines({
    input: input(),
    judge,
    jobs: 2,
    write: async (text) => {
      printed.push(text);
    },
    stop: new Promise(() => undefined),
    onProgress: () => undefined,
    ...(remembered !== undefined && { remembered }),
  });
  const copies = printed.flatMap((text) => (text.includes('"replayed"') ? [JSON.parse(text).line] : []));
  return { counts, printed, copies };
}

describe('REQ-BND-010 a copy within a run', () => {
  it('is refused, whichever chunk it is in, and nothing of it is handed on', async () => {
    const { copies, printed, counts } = await run(['a', 'b', 'a', 'c', 'b', 'a']);
    expect(copies).toEqual([3, 5, 6]);
    expect(printed[2]).not.toContain('statuses');
    expect([counts.of.accepted, counts.of.refused, counts.why('refused')]).toEqual([3, 3, [['replayed', 3]]]);
  });

  it('that comes too late for the memory is not noticed, and the run says so', async () => {
    const { copies, counts } = await run(['a', 'b', 'b', 'c', 'a', 'c'], 2);
    expect(copies).toEqual([3, 6]);
    expect(counts.forgotten).toBe(2);
    expect((await run(['a', 'b', 'b', 'a'], 2)).counts.forgotten).toBe(0);
  });
});
