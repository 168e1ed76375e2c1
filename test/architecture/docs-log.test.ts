import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileObjects } from '@symbolon/local/files/objects';
import { openCheckpoint } from '@symbolon/log/checkpoint';
import { leafHash } from '@symbolon/log/hashes';
import { decodeLeaf, encodeLeaf } from '@symbolon/log/leaf';
import { formatVerifierKey } from '@symbolon/log/note-key';
import { checkReceipt } from '@symbolon/log/receipt';
import { addCheckpoint } from '@symbolon/log/witness';
import { encodeBase64 } from '@symbolon/protocol/base64url';
import { toHex, utf8 } from '@symbolon/protocol/bytes';
import {
  BurstLeaf,
  DecisionLeaf,
  KeyLeaf,
  Opening,
  PublicationLeaf,
  RuleLeaf,
} from '@symbolon/protocol/schemas/leaf';
import { beforeAll, describe, expect, it } from 'vitest';
import { FIXTURE_NOW, seededSigner } from '../support/federation-fixture.ts';
import { type LogExample, logExample } from '../support/log-example.ts';
import { block, page, rows } from './markdown.ts';

/** The examples of docs/spec/log.md are what the code makes and takes, and its formulas are those of the code. */

const LOG = page('docs/spec/log.md');
const words = (text: string) => new Set([...text.matchAll(/`([A-Za-z0-9]+)`/g)].map(([, name = '']) => name));

describe('docs/spec/log.md', () => {
  let example: LogExample;

  beforeAll(async () => {
    example = await logExample();
  });

  it('has the example as it is made', () => {
    const keys = [...example.trust.keys, ...example.trust.witnesses.slice(0, 2)].map(formatVerifierKey);
    expect(block(LOG, 'vkeys').trim().split('\n')).toEqual(keys);
    expect(block(LOG, 'checkpoint')).toBe(example.checkpoint);
    expect(block(LOG, 'salt').trim()).toBe(toHex(example.salt));
    expect(LOG).toContain(`the name \`${example.subject}\``);
    expect(block(LOG, 'opening').trim()).toBe(example.opening);
    expect(block(LOG, 'leaf').trim()).toBe(example.leaf);
    expect(LOG).toContain(`its leaf hash in base64 is \`${example.leafHash}\``);
    expect(block(LOG, 'receipt')).toBe(example.receipt);
    expect(block(LOG, 'request')).toBe(example.request);
  });

  it('the formulas give the subject tag and the commitment, with nothing of ours', () => {
    const salt = Buffer.from(block(LOG, 'salt').trim(), 'hex');
    const [subject, commitment] = [...LOG.matchAll(/SHA-256\("([^"]+)\\n" +\|\| salt \|\| /g)].map(
      ([, label = '']) =>
        (text: string) =>
          createHash('sha256').update(`${label}\n`).update(salt).update(text).digest('base64url'),
    );
    const opening = block(LOG, 'opening').trim();
    const leaf = block(LOG, 'leaf').trim();
    const name = /the name `([^`]+)`/.exec(LOG)?.[1] ?? '';
    expect(JSON.parse(opening)).toMatchObject({ subject: subject?.(name) });
    expect(JSON.parse(leaf)).toMatchObject({ commitment: commitment?.(opening) });
    const hash = createHash('sha256').update(Buffer.of(0)).update(leaf).digest('base64');
    expect(LOG).toContain(`\`${hash}\``);
  });

  it('the leaf is canonical, the checkpoint is witnessed, and the receipt proves', async () => {
    const leaf = utf8(block(LOG, 'leaf').trim());
    expect(encodeLeaf(decodeLeaf(leaf))).toEqual(leaf);
    expect(encodeBase64(leafHash(leaf))).toBe(example.leafHash);
    const { cosigned } = await openCheckpoint(block(LOG, 'checkpoint'), example.trust);
    expect(cosigned.size).toBe(2);
    const { index, size } = await checkReceipt(block(LOG, 'receipt'), example.trust, true);
    expect({ index, size }).toEqual({ index: example.index, size: 5 });
  });

  it('a witness that has two leaves takes the request, and no other does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'symbolon-docs-'));
    try {
      const [key] = example.trust.witnesses;
      const signer = await seededSigner('docs witness', 'EdDSA');
      if (key === undefined) throw new Error('no witness');
      const logs = new Map([[example.trust.origin, example.trust.keys]]);
      const witness = { key, signer, logs, store: fileObjects(pathToFileURL(`${folder}/`)) };
      const request = block(LOG, 'request');
      expect(await addCheckpoint(witness, request, FIXTURE_NOW)).toEqual({ is: 'conflict', size: 0 });
      expect((await addCheckpoint(witness, example.first, FIXTURE_NOW)).is).toBe('cosigned');
      expect((await addCheckpoint(witness, request, FIXTURE_NOW)).is).toBe('cosigned');
      expect(await addCheckpoint(witness, request, FIXTURE_NOW)).toEqual({ is: 'conflict', size: 5 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  const members = (heading: string) => {
    const start = LOG.indexOf(heading);
    const section = LOG.slice(start, LOG.indexOf('\n#', start + 1));
    return new Set([...words(section), ...rows(section).flatMap(([cell = '']) => [...words(cell)])]);
  };

  it.each([
    ['### `decision`', DecisionLeaf],
    ['### `burst`', BurstLeaf],
    ['### `key`', KeyLeaf],
    ['### `rule`', RuleLeaf],
    ['### `publication`', PublicationLeaf],
    ['## Commitment', Opening],
  ] as const)('%s names every member', (heading, schema) => {
    const common = ['v', 'kind', 'at'];
    const own = Object.keys(schema.shape).filter((name) => !common.includes(name));
    expect([...members(heading)]).toEqual(expect.arrayContaining(own));
  });
});
