import { encodeBase64, encodeBase64url } from '@symbolon/protocol/base64url';
import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { describe, expect, it } from 'vitest';
import { encodeLeaf } from '../leaf/leaf.ts';
import { checkpointText, type LogTrust, signCheckpoint } from '../note/checkpoint.ts';
import { cosign } from '../note/cosignature.ts';
import { logKey, type TestKey, witnessKey } from '../testing/note-keys.ts';
import { AT, decision, opening, SALT } from '../testing/sample-leaves.ts';
import { leafHash, rootOf } from '../tree/hashes.ts';
import { inclusionProof } from '../tree/proofs.ts';
import { checkReceipt, formatReceipt, parseReceipt } from './receipt.ts';
import { formatTlogProof, parseTlogProof } from './tlog-proof.ts';

const [log, other] = [await logKey(), await logKey('other', 'log.example/b')];
const witnesses = [await witnessKey(1), await witnessKey(2)];
const trustIn = ({ key }: TestKey): LogTrust => ({
  origin: key.name,
  keys: [key],
  witnesses: witnesses.map((each) => each.key),
  threshold: 2,
});
const trust = trustIn(log);
const salt = encodeBase64url(SALT);
const INDEX = 5;
const leaves = Array.from({ length: 11 }, (_, i) => utf8(`leaf ${i}`)).with(INDEX, encodeLeaf(decision()));
const hashes = leaves.map(leafHash);
const proof = await inclusionProof(INDEX, leaves.length, async (start, count) =>
  rootOf(hashes.slice(start, start + count)),
);

async function checkpointOf({ key, signer }: TestKey, cosigners: readonly TestKey[] = witnesses) {
  const text = checkpointText(key.name, { size: leaves.length, root: rootOf(hashes) });
  const lines = cosigners.map((each) => cosign(text, each.key, each.signer, instant(AT + 90)));
  return (await signCheckpoint(text, key, signer)) + (await Promise.all(lines)).join('');
}

const checkpoint = await checkpointOf(log);
const parts = { leaf: decision(), salt, opening, index: INDEX, hashes: proof, checkpoint };
const text = formatReceipt(parts);
const refusal = (code: string) => expect.objectContaining({ code });

describe('REQ-LOG-012 the text of a receipt', () => {
  it('what is written is read', async () => {
    const { salt: bytes, ...rest } = parseReceipt(text);
    expect({ ...rest, salt: encodeBase64url(bytes) }).toEqual(parts);
    expect(text.startsWith('c2sp.org/tlog-proof@v1\nextra ')).toBe(true);
  });

  it('it tells when each witness saw the tree', async () => {
    const { size, cosigned, index } = await checkReceipt(text, trust, true);
    expect({ size, index, cosigned: [...cosigned] }).toEqual({
      size: 11,
      index: INDEX,
      cosigned: witnesses.map(({ key }) => [key.name, AT + 90]),
    });
  });

  const extra = {
    leaf: JSON.parse(fromUtf8(encodeLeaf(decision()))),
    opening: { ...opening, decidedAt: '2027-01-15T08:01:01Z' },
    salt,
  };
  const withExtra = (value: unknown) =>
    formatTlogProof({ ...parts, extra: typeof value === 'string' ? value : JSON.stringify(value) });

  it('the extra data of these tests is the right one, where nothing is changed', () => {
    expect(withExtra(canonicalJson(extra))).toBe(text);
  });

  it('members in any order, and any white space, are the same receipt', async () => {
    const expected = await checkReceipt(text, trust, true);
    const turned = (record: object, by: number) => {
      const members = Object.entries(record);
      return Object.fromEntries([...members.slice(by), ...members.slice(0, by)]);
    };
    for (let by = 0; by < Object.keys(extra.leaf).length; by++) {
      const said = { salt, opening: turned(extra.opening, by % 4), leaf: turned(extra.leaf, by) };
      for (const json of [JSON.stringify(said), JSON.stringify(said, null, '\t')])
        expect(await checkReceipt(withExtra(json), trust, true)).toEqual(expected);
    }
  });

  it.each([
    ['another header', text.replace('@v1', '@v2')],
    ['no extra data', text.replace(/extra .*\n/, '')],
    ['extra data that is no base64', text.replace(/extra .*\n/, 'extra !!!!\n')],
    ['extra data twice', text.replace(/(extra .*\n)/, '$1$1')],
    ['no index', text.replace(/index .*\n/, '')],
    ['a leading zero in the index', text.replace('index 5', 'index 05')],
    ['a negative index', text.replace('index 5', 'index -5')],
    ['an index beyond every tree', text.replace('index 5', 'index 9999999999999999')],
    ['a short hash', text.replace(/(index 5\n)/, '$1AAAA\n')],
    ['a hash that is no base64', text.replace(/(index 5\n)/, '$1!\n')],
    [
      'too many hashes',
      text.replace(/(index 5\n)/, `$1${`${encodeBase64(hashes[0] ?? utf8(''))}\n`.repeat(64)}`),
    ],
    ['no empty line', text.replaceAll('\n\n', '\n')],
    ['carriage returns', text.replaceAll('\n', '\r\n')],
    ['nothing', ''],
    ['too much', text + ' '.repeat(LIMITS.receiptBytes)],
    ['no JSON', withExtra('{')],
    ['no UTF-8', formatTlogProof({ ...parts, extra: '\u00ff' })],
    ['a name twice', withExtra(`{"salt":"${salt}",${JSON.stringify(extra).slice(1)}`)],
    ['one member more', withExtra({ ...extra, subject: 'S-1' })],
    ['one member less', withExtra({ leaf: extra.leaf, salt })],
    ['a leaf of another kind', withExtra({ ...extra, leaf: { ...extra.leaf, kind: 'burst' } })],
    ['a short salt', withExtra({ ...extra, salt: salt.slice(1) })],
    ['a long salt', withExtra({ ...extra, salt: `${salt}A` })],
    ['bits left over in the salt', withExtra({ ...extra, salt: `${salt.slice(0, -1)}B` })],
  ])('`receipt-malformed`: %s', async (_what, bad) => {
    expect(() => parseReceipt(bad)).toThrow(refusal('receipt-malformed'));
    await expect(checkReceipt(bad, trust, false)).rejects.toThrow(refusal('receipt-malformed'));
  });

  it('a proof needs no extra data, and may have no hashes', () => {
    const alone = { extra: undefined, index: 0, hashes: [], checkpoint };
    expect(parseTlogProof(formatTlogProof(alone))).toEqual(alone);
  });
});

describe('what a receipt must prove', () => {
  it('REQ-LOG-013 `receipt-commitment`: another salt, or another opening', async () => {
    const wrong = [
      { ...parts, salt: encodeBase64url(SALT.map((byte) => byte ^ 1)) },
      { ...parts, opening: { ...opening, sequence: 4 } },
      { ...parts, opening: { ...opening, evidence: 'contact' } },
      { ...parts, leaf: { ...parts.leaf, commitment: encodeBase64url(SALT) } },
    ];
    for (const each of wrong) {
      await expect(checkReceipt(formatReceipt(each), trust, false)).rejects.toThrow(
        refusal('receipt-commitment'),
      );
    }
  });

  it('REQ-LOG-006 `inclusion-invalid`: another index, another leaf, any byte of the proof', async () => {
    const wrong = [
      ...leaves.map((_, index) => ({ ...parts, index })).filter(({ index }) => index !== INDEX),
      { ...parts, index: 11 },
      { ...parts, leaf: { ...parts.leaf, level: 'green' } },
      { ...parts, leaf: { ...parts.leaf, authority: 'another' } },
      { ...parts, hashes: proof.slice(1) },
      ...proof.flatMap((hash, i) =>
        [...hash.keys()].map((at) => ({
          ...parts,
          hashes: proof.with(
            i,
            Uint8Array.from(hash, (byte, j) => (j === at ? byte ^ 1 : byte)),
          ),
        })),
      ),
    ];
    for (const each of wrong) {
      await expect(checkReceipt(formatReceipt(each), trust, false)).rejects.toThrow(
        refusal('inclusion-invalid'),
      );
    }
  });

  it('REQ-LOG-003 `log-origin`: a receipt of another log', async () => {
    const foreign = formatReceipt({ ...parts, checkpoint: await checkpointOf(other) });
    await checkReceipt(foreign, trustIn(other), true);
    await expect(checkReceipt(foreign, trust, false)).rejects.toThrow(refusal('log-origin'));
  });

  it('REQ-LOG-004 `log-signature`: a tree that the log did not sign', async () => {
    const forger = { key: { ...other.key, name: log.key.name }, signer: other.signer };
    const forged = formatReceipt({ ...parts, checkpoint: await checkpointOf(forger) });
    await expect(checkReceipt(forged, trust, false)).rejects.toThrow(refusal('log-signature'));
  });

  it('REQ-LOG-005 `witnesses-too-few`: only where witnesses are asked for', async () => {
    const alone = formatReceipt({ ...parts, checkpoint: await checkpointOf(log, witnesses.slice(1)) });
    expect((await checkReceipt(alone, trust, false)).cosigned.size).toBe(1);
    await expect(checkReceipt(alone, trust, true)).rejects.toThrow(refusal('witnesses-too-few'));
  });

  it('a byte changed anywhere leaves nothing that is believed', async () => {
    const bytes = utf8(text);
    const believed: number[] = [];
    for (let i = 0; i < bytes.length; i += 7) {
      const bad = Uint8Array.from(bytes, (byte, j) => (i === j ? byte ^ 1 : byte));
      const changed = new TextDecoder().decode(bad);
      // Only a witness that is not known any more could be missing from what was signed.
      await checkReceipt(changed, trust, true).then(
        () => believed.push(i),
        () => undefined,
      );
    }
    expect(believed).toEqual([]);
  });
});
