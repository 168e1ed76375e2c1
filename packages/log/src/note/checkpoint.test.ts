import { encodeBase64 } from '@symbolon/protocol/base64url';
import { concatBytes, equalBytes, utf8 } from '@symbolon/protocol/bytes';
import { type Instant, instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { describe, expect, it } from 'vitest';
import { logKey, type TestKey, testKey, witnessKey } from '../testing/note-keys.ts';
import { EMPTY_ROOT, leafHash } from '../tree/hashes.ts';
import {
  checkpointText,
  type LogTrust,
  logTrust,
  openCheckpoint,
  parseCheckpoint,
  requireWitnesses,
  signCheckpoint,
} from './checkpoint.ts';
import { cosign, verifyCosignature } from './cosignature.ts';
import { formatSignature, parseNote, parseSignatureLines } from './note.ts';
import { formatVerifierKey, NOTE_TYPE, noteKey, parseVerifierKey } from './note-key.ts';

const NOW = instant(1_800_000_000);
const HEAD = { size: 7, root: leafHash(utf8('root')) };
const log = await logKey();
const [first, second, third] = [await witnessKey(1), await witnessKey(2), await witnessKey(3)];
const witnesses = [first, second, third];
const trust: LogTrust = {
  origin: log.key.name,
  keys: [log.key],
  witnesses: witnesses.map(({ key }) => key),
  threshold: 2,
};
const text = checkpointText(log.key.name, HEAD);
const note = await signCheckpoint(text, log.key, log.signer);

const cosigned = async (by: readonly (readonly [TestKey, Instant])[], signed = text) =>
  (await Promise.all(by.map(([{ key, signer }, at]) => cosign(signed, key, signer, at)))).join('');
const refusal = (code: string) => expect.objectContaining({ code });
const at = (seconds: number) => instant(NOW + seconds);

describe('REQ-LOG-002 the text of a checkpoint', () => {
  const signature = '— a AAAAAAA=\n';
  const parse = (body: string) => parseCheckpoint(`${body}\n${signature}`);
  const root = encodeBase64(HEAD.root);

  it('is origin, size and root', () => {
    expect(parse(`any origin?\n7\n${root}\n`)).toMatchObject({ ...HEAD, origin: 'any origin?' });
    expect(parse(`o\n${LIMITS.logLeaves}\n${root}\n`).size).toBe(LIMITS.logLeaves);
    expect(parse(`o\n0\n${encodeBase64(EMPTY_ROOT)}\n`).size).toBe(0);
  });

  it.each([
    ['an extension line', `o\n7\n${root}\nmore\n`],
    ['an empty line in it', `o\n7\n\n${root}\n`],
    ['no origin', `\n7\n${root}\n`],
    ['no root', 'o\n7\n'],
    ['a leading zero', `o\n07\n${root}\n`],
    ['a sign', `o\n+7\n${root}\n`],
    ['a negative size', `o\n-7\n${root}\n`],
    ['a fraction', `o\n7.0\n${root}\n`],
    ['a space', `o\n7 \n${root}\n`],
    ['a size beyond the largest tree', `o\n${LIMITS.logLeaves + 1}\n${root}\n`],
    ['a size of many digits', `o\n${'9'.repeat(40)}\n${root}\n`],
    ['a short root', `o\n7\n${encodeBase64(HEAD.root.slice(1))}\n`],
    ['a long root', `o\n7\n${encodeBase64(concatBytes(HEAD.root, HEAD.root))}\n`],
    ['bits left over in the root', `o\n7\n${root.slice(0, -2)}B=\n`],
  ])('%s is refused', (_what, body) => {
    expect(() => parse(body)).toThrow(refusal('checkpoint-malformed'));
  });
});

describe('opening a checkpoint', () => {
  it('REQ-LOG-002 `checkpoint-malformed`: no leaves, and not the empty root', async () => {
    const of = (root: Uint8Array) =>
      signCheckpoint(checkpointText(log.key.name, { size: 0, root }), log.key, log.signer);
    await expect(openCheckpoint(await of(HEAD.root), trust)).rejects.toThrow(refusal('checkpoint-malformed'));
    expect((await openCheckpoint(await of(EMPTY_ROOT), trust)).size).toBe(0);
  });

  it('its log has signed it', async () => {
    const opened = await openCheckpoint(note, trust);
    expect(opened).toMatchObject({ ...HEAD, origin: trust.origin });
    expect(opened.cosigned.size).toBe(0);
    expect(await openCheckpoint(utf8(note), trust)).toEqual(opened);
  });

  it('REQ-LOG-003 `log-origin`: a checkpoint of another log', async () => {
    await expect(openCheckpoint(note, { ...trust, origin: 'log.example/b' })).rejects.toThrow(
      refusal('log-origin'),
    );
    // Signed with the right key, and with the right name, for another origin.
    const other = await signCheckpoint(checkpointText('log.example/b', HEAD), log.key, log.signer);
    await expect(openCheckpoint(other, trust)).rejects.toThrow(refusal('log-origin'));
  });

  it('REQ-LOG-004 `log-signature`: nobody whom the registry names has signed it', async () => {
    const other = await logKey('another');
    const foreign = await signCheckpoint(text, other.key, other.signer);
    const asWitness = await testKey(log.key.name, NOTE_TYPE.witness, 'log');
    const line = formatSignature(asWitness.key.name, asWitness.key.id, await log.signer.sign(utf8(text)));
    const unsigned = `${text}\n${line}`;
    for (const bad of [foreign, unsigned]) {
      await expect(openCheckpoint(bad, trust)).rejects.toThrow(refusal('log-signature'));
    }
  });

  it('REQ-LOG-004 `log-signature`: a changed byte anywhere in text or signature', async () => {
    const bytes = utf8(note);
    const accepted: number[] = [];
    for (let i = 0; i < bytes.length; i++) {
      const bad = Uint8Array.from(bytes, (byte, j) => (i === j ? byte ^ 1 : byte));
      await openCheckpoint(bad, trust).then(
        () => accepted.push(i),
        () => undefined,
      );
    }
    expect(accepted).toEqual([]);
  });

  it('signatures of unknown keys are passed over, also where name or id is a known one', async () => {
    const nobody = await testKey('nobody.example', NOTE_TYPE.log);
    const namesake = await logKey('another');
    const lines = [
      formatSignature(nobody.key.name, nobody.key.id, utf8('nonsense')),
      formatSignature(namesake.key.name, namesake.key.id, utf8('nonsense')),
      formatSignature(nobody.key.name, log.key.id, utf8('nonsense')),
      formatSignature('證人', first.key.id, utf8('nonsense')),
    ];
    expect(equalBytes(namesake.key.id, log.key.id)).toBe(false);
    expect(await openCheckpoint(note + lines.join(''), trust)).toMatchObject(HEAD);
    expect(
      await openCheckpoint(`${text}\n${lines.join('')}${note.slice(text.length + 1)}`, trust),
    ).toMatchObject(HEAD);
  });

  it('REQ-LOG-016, REQ-LOG-004: one by a known key that is wrong spoils the rest', async () => {
    const wrongLog = formatSignature(log.key.name, log.key.id, new Uint8Array(64));
    await expect(openCheckpoint(note + wrongLog, trust)).rejects.toThrow(refusal('log-signature'));
    for (const length of [1, 64, 71, 72, 73]) {
      const wrong = formatSignature(first.key.name, first.key.id, new Uint8Array(length).fill(1));
      await expect(openCheckpoint(note + wrong, trust)).rejects.toThrow(refusal('cosignature-invalid'));
    }
    const ofAnother = await cosigned([[first, NOW]], checkpointText(log.key.name, { ...HEAD, size: 8 }));
    await expect(openCheckpoint(note + ofAnother, trust)).rejects.toThrow(refusal('cosignature-invalid'));
  });

  it('while the key of a log is replaced, either is good, and both together', async () => {
    const next = await logKey('next');
    const both = { ...trust, keys: [log.key, next.key] };
    const byNext = await signCheckpoint(text, next.key, next.signer);
    for (const each of [note, byNext, note + byNext.slice(text.length + 1)]) {
      expect(await openCheckpoint(each, both)).toMatchObject(HEAD);
    }
    expect(await openCheckpoint(note + byNext.slice(text.length + 1), trust)).toMatchObject(HEAD);
  });
});

describe('REQ-LOG-005 witnesses', () => {
  const open = async (...by: (readonly [TestKey, Instant])[]) =>
    openCheckpoint(note + (await cosigned(by)), trust);

  it('as many different ones as the threshold; the time is that of the last one needed', async () => {
    expect(requireWitnesses(await open([first, at(5)], [second, at(3)]), trust)).toBe(at(3));
    const three = await open([first, at(5)], [second, at(3)], [third, at(4)]);
    expect(requireWitnesses(three, trust)).toBe(at(4));
    expect(requireWitnesses(three, { ...trust, threshold: 3 })).toBe(at(3));
  });

  it('the newest cosignature of a witness counts, and a witness once', async () => {
    const twice = await open([first, at(5)], [first, at(9)], [first, at(7)]);
    expect([...twice.cosigned]).toEqual([[first.key.name, at(9)]]);
    expect(() => requireWitnesses(twice, trust)).toThrow(refusal('witnesses-too-few'));
  });

  it('`witnesses-too-few`: unknown ones do not count', async () => {
    const [unknown, stranger] = [await witnessKey(4), await witnessKey(5)];
    const opened = await open([first, NOW], [unknown, NOW], [stranger, NOW]);
    expect(() => requireWitnesses(opened, trust)).toThrow(
      expect.objectContaining({ code: 'witnesses-too-few', bound: 2 }),
    );
  });

  it('`witnesses-too-few`: where none are named, too', async () => {
    const none = { ...trust, witnesses: [], threshold: 0 };
    const opened = await openCheckpoint(note + (await cosigned([[first, NOW]])), none);
    expect(() => requireWitnesses(opened, none)).toThrow(refusal('witnesses-too-few'));
  });

  it('the registry says whom to believe', async () => {
    const place = {
      origin: log.key.name,
      url: 'https://log.example/a/',
      keys: [{ kid: 'k', alg: 'EdDSA' as const, jwk: log.key.jwk }],
    };
    const of = witnesses.map(({ key }) => ({
      name: key.name,
      url: 'https://w.example/',
      kid: 'k',
      alg: 'EdDSA' as const,
      jwk: key.jwk,
    }));
    expect(logTrust(place, { threshold: 2, of })).toEqual(trust);
    expect(logTrust(place, undefined)).toEqual({ ...trust, witnesses: [], threshold: 0 });
  });
});

describe('C2SP tlog-cosignature', () => {
  const line = async (seconds: Instant) => {
    const [found] = parseSignatureLines(await cosign(text, first.key, first.signer, seconds));
    if (found === undefined) throw new TypeError('no line');
    return found;
  };

  it('says when; of another text, key, time or length it says nothing', async () => {
    const found = await line(NOW);
    expect(await verifyCosignature(text, first.key, found)).toBe(NOW);
    expect(await verifyCosignature(`${text}x\n`, first.key, found)).toBeUndefined();
    expect(await verifyCosignature(text, second.key, found)).toBeUndefined();
    for (let i = 0; i < found.signature.length; i++) {
      const signature = Uint8Array.from(found.signature, (byte, j) => (i === j ? byte ^ 1 : byte));
      expect(await verifyCosignature(text, first.key, { ...found, signature })).toBeUndefined();
    }
    const cut = { ...found, signature: found.signature.slice(1) };
    expect(await verifyCosignature(text, first.key, cut)).toBeUndefined();
  });

  it('a plain signature of the log is none, and the other way round', async () => {
    const plain = parseNote(note).signatures[0];
    if (plain === undefined) throw new TypeError('no signature');
    expect(await verifyCosignature(text, log.key, plain)).toBeUndefined();
  });

  it.each([0n, 253_402_300_800n, 2n ** 63n, 2n ** 64n - 1n])('time %d is none', async (seconds) => {
    const message = utf8(`cosignature/v1\ntime ${seconds}\n${text}`);
    const time = new Uint8Array(8);
    new DataView(time.buffer).setBigUint64(0, seconds);
    const signature = concatBytes(time, await first.signer.sign(message));
    const found = { name: first.key.name, id: first.key.id, signature, line: '' };
    expect(await verifyCosignature(text, first.key, found)).toBeUndefined();
  });
});

describe('keys of notes', () => {
  it('what is written is read, and one key has another id for each type', () => {
    const types = Object.values(NOTE_TYPE).map((type) => noteKey(log.key.name, type, log.key.jwk));
    for (const key of types) expect(parseVerifierKey(formatVerifierKey(key))).toEqual(key);
    expect(new Set(types.map(({ id }) => id.join())).size).toBe(2);
  });

  it.each([
    ['another id', (vkey: string) => vkey.replace(/\+[0-9a-f]/, (c) => (c === '+0' ? '+1' : '+0'))],
    ['another name', (vkey: string) => vkey.replace('/a+', '/b+')],
    ['another type', (vkey: string) => vkey.replace(/\+A/, '+B')],
    ['a byte too few', (vkey: string) => `${vkey.slice(0, -4)}AA==`],
    ['a byte too many', (vkey: string) => `${vkey}AAAA`],
    ['no base64', (vkey: string) => `${vkey.slice(0, -1)}=`],
    ['a space', (vkey: string) => `${vkey} `],
    ['no name', (vkey: string) => vkey.slice(vkey.indexOf('+'))],
    ['a name that is none of ours', (vkey: string) => `A ${vkey}`],
    ['nothing', () => ''],
  ])('`key-malformed`: %s', (_what, change) => {
    expect(() => parseVerifierKey(change(formatVerifierKey(log.key)))).toThrow(refusal('key-malformed'));
  });
});
