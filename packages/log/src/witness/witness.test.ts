import { encodeBase64 } from '@symbolon/protocol/base64url';
import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { describe, expect, it } from 'vitest';
import { checkpointText, openCheckpoint, signCheckpoint } from '../note/checkpoint.ts';
import { cosign } from '../note/cosignature.ts';
import { formatSignature } from '../note/note.ts';
import { type MemoryLogStore, memoryLogStore } from '../testing/memory-log.ts';
import { logKey, type TestKey, witnessKey } from '../testing/note-keys.ts';
import { EMPTY_ROOT, leafHash, rootOf } from '../tree/hashes.ts';
import { consistencyProof } from '../tree/proofs.ts';
import { addCheckpoint, type Witness, witnessedPath } from './witness.ts';

const NOW = instant(1_800_000_000);
const later = (seconds: number) => instant(NOW + seconds);
const [log, other] = [await logKey(), await logKey('other', 'log.example/b')];
const own = await witnessKey(1);
const hashesOf = (tree: string) => Array.from({ length: 40 }, (_, i) => leafHash(utf8(`${tree} ${i}`)));
const [honest, forked] = [hashesOf('leaf'), hashesOf('fork')];
const headOf = (size: number, tree = honest) => ({ size, root: rootOf(tree.slice(0, size)) });

interface Asked {
  readonly old?: number;
  readonly by?: TestKey;
  readonly tree?: readonly Bytes[];
  readonly proof?: readonly string[];
  readonly more?: string;
}

/** What a log sends for its tree of this size. */
async function bodyOf(size: number, { old = 0, by = log, tree = honest, proof, more = '' }: Asked = {}) {
  const hashOf = async (start: number, count: number) => rootOf(tree.slice(start, start + count));
  const lines = proof ?? (await consistencyProof(Math.min(old, size), size, hashOf)).map(encodeBase64);
  const note = await signCheckpoint(checkpointText(by.key.name, headOf(size, [...tree])), by.key, by.signer);
  return `${[`old ${old}`, ...lines].join('\n')}\n\n${note}${more}`;
}

function witness(): Witness & { readonly store: MemoryLogStore } {
  return { ...own, logs: new Map([[log.key.name, [log.key]]]), store: memoryLogStore() };
}

/** One that has cosigned the tree of 7. */
async function atSeven() {
  const at7 = witness();
  await addCheckpoint(at7, await bodyOf(7), NOW);
  return at7;
}

const trust = { origin: log.key.name, keys: [log.key], witnesses: [own.key], threshold: 1 };
const recordOf = ({ store }: { store: MemoryLogStore }) => store.files.get(witnessedPath(log.key.name));

describe('C2SP tlog-witness: add-checkpoint', () => {
  it('a log that grows is cosigned; the record is what monitors get', async () => {
    const one = witness();
    let old = 0;
    for (const [i, size] of [0, 1, 7, 7, 8, 40].entries()) {
      const body = await bodyOf(size, { old });
      const answer = await addCheckpoint(one, body, later(i));
      if (answer.is !== 'cosigned') throw new TypeError('not cosigned');
      const record = await openCheckpoint(recordOf(one) ?? '', trust);
      expect(record).toMatchObject(headOf(size));
      expect([...record.cosigned]).toEqual([[own.key.name, later(i)]]);
      expect(record.note.signatures.map(({ line }) => line).at(-1)).toBe(answer.line);
      old = size;
    }
    expect(one.store.writes).toHaveLength(6);
  });

  it('its record is at the digest of the origin', () => {
    expect(witnessedPath('example.com/behind-the-sofa')).toMatch(/^[0-9a-f]{64}\/checkpoint$/);
    expect(witnessedPath('rome2026h1.example.org')).toBe(
      '000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706/checkpoint',
    );
  });

  it('the record has the signatures that were checked, and no others', async () => {
    const one = witness();
    const stranger = formatSignature('stranger.example', utf8('abcd'), utf8('nonsense'));
    const seen = await cosign(checkpointText(log.key.name, headOf(7)), own.key, own.signer, later(-60));
    await addCheckpoint(one, await bodyOf(7, { more: stranger + seen }), NOW);
    const { note, cosigned } = await openCheckpoint(recordOf(one) ?? '', trust);
    expect(note.signatures.map(({ name }) => name)).toEqual([log.key.name, own.key.name]);
    expect([...cosigned.values()]).toEqual([NOW]);
  });

  it('409: asked from another size than it has, it says which', async () => {
    const at7 = await atSeven();
    for (const old of [0, 6, 8]) {
      expect(await addCheckpoint(at7, await bodyOf(9, { old }), NOW)).toEqual({ is: 'conflict', size: 7 });
    }
    expect(await addCheckpoint(witness(), await bodyOf(9, { old: 3 }), NOW)).toEqual({
      is: 'conflict',
      size: 0,
    });
    // A smaller tree: it is asked from 3, and has 7.
    expect(await addCheckpoint(at7, await bodyOf(5, { old: 3 }), NOW)).toEqual({ is: 'conflict', size: 7 });
  });

  it('REQ-LOG-021 whoever repeats the line of the log does not put the witness out of its service', async () => {
    const at7 = witness();
    const own = (await bodyOf(7)).split('\n').at(-2) ?? '';
    const repeated = `${own}\n`.repeat(LIMITS.noteSignatures - 1);
    expect(await addCheckpoint(at7, await bodyOf(7, { more: repeated }), NOW)).toMatchObject({
      is: 'cosigned',
    });
    expect(await addCheckpoint(at7, await bodyOf(9, { old: 7 }), NOW)).toMatchObject({ is: 'cosigned' });
  });

  it('REQ-LOG-007 `log-fork` (422): a split view, a rewritten leaf, a wrong proof', async () => {
    const refused = async (at: Witness, body: string) =>
      expect(addCheckpoint(at, body, NOW)).rejects.toMatchObject({ code: 'log-fork' });
    const at7 = await atSeven();
    const before = recordOf(at7);
    await refused(at7, await bodyOf(7, { old: 7, tree: forked }));
    await refused(at7, await bodyOf(9, { old: 7, tree: forked }));
    await refused(at7, await bodyOf(9, { old: 7, tree: honest.with(3, forked[3] ?? EMPTY_ROOT) }));
    await refused(at7, await bodyOf(9, { old: 7, proof: [] }));
    await refused(at7, await bodyOf(7, { old: 7, proof: [encodeBase64(EMPTY_ROOT)] }));
    await refused(witness(), await bodyOf(9, { proof: [encodeBase64(EMPTY_ROOT)] }));
    const good = await consistencyProof(7, 9, async (start, count) =>
      rootOf(honest.slice(start, start + count)),
    );
    for (const [i, hash] of good.entries()) {
      const lines = good
        .with(
          i,
          hash.map((byte, at) => (at === 31 ? byte ^ 1 : byte)),
        )
        .map(encodeBase64);
      await refused(at7, await bodyOf(9, { old: 7, proof: lines }));
    }
    expect(recordOf(at7)).toBe(before);
    expect(at7.store.writes).toHaveLength(1);
  });

  it('REQ-LOG-007 `log-fork` (422): a tree without leaves that has another root', async () => {
    const text = checkpointText(log.key.name, { size: 0, root: leafHash(utf8('x')) });
    const note = await signCheckpoint(text, log.key, log.signer);
    await expect(addCheckpoint(witness(), `old 0\n\n${note}`, NOW)).rejects.toMatchObject({
      code: 'log-fork',
    });
  });

  it('REQ-LOG-020 `log-unknown` (404): a log whose keys it was not given', async () => {
    await expect(addCheckpoint(witness(), await bodyOf(7, { by: other }), NOW)).rejects.toMatchObject({
      code: 'log-unknown',
    });
  });

  it('REQ-LOG-004 `log-signature` (403): no right signature of the log, or a wrong one beside it', async () => {
    const forger = { key: { ...other.key, name: log.key.name }, signer: other.signer };
    const wrong = formatSignature(log.key.name, log.key.id, new Uint8Array(64));
    for (const asked of [{ by: forger }, { more: wrong }]) {
      await expect(addCheckpoint(witness(), await bodyOf(7, asked), NOW)).rejects.toMatchObject({
        code: 'log-signature',
      });
    }
  });

  const line = encodeBase64(EMPTY_ROOT);
  it.each([
    ['nothing', () => ''],
    ['no size', (body: string) => body.replace('old 7\n', '')],
    ['a leading zero', (body: string) => body.replace('old 7', 'old 07')],
    ['a negative size', (body: string) => body.replace('old 7', 'old -7')],
    ['two spaces', (body: string) => body.replace('old 7', 'old  7')],
    ['a size beyond the checkpoint', (body: string) => body.replace('old 7', 'old 10')],
    ['a size that is no number any more', (body: string) => body.replace('old 7', 'old 9999999999999999')],
    ['carriage returns', (body: string) => body.replaceAll('\n', '\r\n')],
    ['no empty line', (body: string) => body.replaceAll('\n\n', '\n')],
    ['a proof that is no base64', (body: string) => body.replace('old 7', 'old 7\n!!!!')],
    ['a hash that is too short', (body: string) => body.replace('old 7', 'old 7\nAAAA')],
    ['more than 63 hashes', (body: string) => body.replace('old 7', `old 7${`\n${line}`.repeat(64)}`)],
    ['no checkpoint', (body: string) => body.slice(0, body.indexOf('\n\n') + 2)],
    ['an extension line', (body: string) => body.replace('=\n\n—', '=\nmore\n\n—')],
    ['no end of line', (body: string) => body.trimEnd()],
  ])('`request-malformed` (400): %s', async (_what, change) => {
    const at7 = await atSeven();
    const bad = change(await bodyOf(9, { old: 7 }));
    await expect(addCheckpoint(at7, bad, NOW)).rejects.toMatchObject({ code: 'request-malformed' });
    expect(at7.store.writes).toHaveLength(1);
  });

  it('a record of its own that cannot be read is no fault of who asks', async () => {
    const one = witness();
    one.store.files.set(witnessedPath(log.key.name), utf8('damaged'));
    await expect(addCheckpoint(one, await bodyOf(7), NOW)).rejects.toMatchObject({
      code: 'checkpoint-malformed',
    });
  });
});

describe('REQ-LOG-021 one record, moved by compare and swap', () => {
  it('whatever comes at once, one wins, and the others are told where it is', async () => {
    const at7 = await atSeven();
    const bodies = await Promise.all([8, 9, 12, 12].map((size) => bodyOf(size, { old: 7 })));
    const fork = await bodyOf(9, { old: 0, tree: forked });
    const answers = await Promise.all([...bodies, fork].map((body) => addCheckpoint(at7, body, NOW)));
    const { size } = await openCheckpoint(recordOf(at7) ?? '', trust);
    expect(answers.filter(({ is }) => is === 'cosigned')).toHaveLength(1);
    expect(answers.filter((each) => each.is === 'conflict' && [7, size].includes(each.size))).toHaveLength(4);
  });

  it('a first split view at once: one of the two is cosigned', async () => {
    const one = witness();
    const bodies = [await bodyOf(5), await bodyOf(5, { tree: forked })];
    const answers = await Promise.all(bodies.map((body) => addCheckpoint(one, body, NOW)));
    expect(answers.map(({ is }) => is).toSorted()).toEqual(['conflict', 'cosigned']);
  });

  it('nothing is handed out that is not written down', async () => {
    const at7 = await atSeven();
    const failing: Witness = {
      ...at7,
      store: { ...at7.store, replace: () => Promise.reject(new SymbolonError('not-found')) },
    };
    await expect(addCheckpoint(failing, await bodyOf(9, { old: 7 }), NOW)).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(fromUtf8(recordOf(at7) ?? utf8(''))).toContain('\n7\n');
  });
});
