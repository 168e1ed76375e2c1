import { logTrust, openCheckpoint, parseCheckpoint } from '@symbolon/log/checkpoint';
import { memoryLogStore, memoryQueue } from '@symbolon/log/memory-log';
import { NOTE_TYPE } from '@symbolon/log/note-key';
import { consistencyProof } from '@symbolon/log/proofs';
import { runRound } from '@symbolon/log/sequencer';
import { tilesOf } from '@symbolon/log/tile-reader';
import { witnessedPath } from '@symbolon/log/witness';
import { gatherCosignatures } from '@symbolon/log/witness-client';
import { encodeBase64 } from '@symbolon/protocol/base64url';
import { fromUtf8 } from '@symbolon/protocol/bytes';
import { addSeconds, instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { httpWitnesses } from '../runtime/witness-http.ts';
import { seededNoteSigner } from '../testing/note-signers.ts';
import { startWitnesses, type WitnessFront } from '../testing/witness-front.ts';

const NOW = instant(1_800_000_000);
const ORIGIN = 'cn-bj.example/log';
const WITNESS = 'witness.example';

const own = await seededNoteSigner(ORIGIN, NOTE_TYPE.log);
const stranger = await seededNoteSigner('stranger.example/log', NOTE_TYPE.log);

let front: WitnessFront;
beforeAll(async () => {
  front = await startWitnesses([WITNESS], 1, [own.key], NOW);
});
afterAll(() => front.stop());
/** Whatever happened, no line has anything of what was sent. */
afterEach(() => {
  const text = JSON.stringify(front.lines);
  for (const secret of ['old ', ORIGIN, '—', 'example']) expect(text).not.toContain(secret);
  front.lines.length = 0;
});

/** A log of this name and key, and its checkpoint of so many leaves with the proof from a smaller one. */
async function logOf(signer: typeof own, seed: string) {
  const stores = { public: memoryLogStore(), private: memoryLogStore() };
  const source = memoryQueue();
  const at = async (size: number) => {
    const { size: before } = await runRound({ stores, source, ...signer });
    source.add(...Array.from({ length: size - before }, (_, i) => `${seed} ${before + i}`));
    await runRound({ stores, source, ...signer });
    return fromUtf8((await stores.public.read('checkpoint')) ?? expect.unreachable());
  };
  const proof = async (from: number, to: number) => {
    const { hashOf } = tilesOf((path) => stores.public.read(path), to);
    return (await consistencyProof(from, to, hashOf)).map(encodeBase64);
  };
  return { at, proof, stores };
}

const request = (old: number, proof: readonly string[], note: string) =>
  [`old ${old}`, ...proof, '', note].join('\n');
const submit = (body: string | Uint8Array<ArrayBuffer>, type = 'text/plain') =>
  fetch(`${front.url(WITNESS)}/add-checkpoint`, {
    method: 'POST',
    body,
    headers: type === '' ? {} : { 'content-type': type },
  });
const trust = () =>
  logTrust(
    {
      origin: ORIGIN,
      url: 'https://cn-bj.example',
      keys: [{ kid: own.signer.kid, alg: 'EdDSA', jwk: own.key.jwk }],
    },
    front.witnesses,
  );

describe('a witness over HTTP (C2SP tlog-witness)', () => {
  it('cosigns, says where it is, and serves the newest checkpoint that it cosigned', async () => {
    front.stores.get(WITNESS)?.files.clear();
    const log = await logOf(own, 'leaf');
    const [three, seven] = [await log.at(3), await log.at(7)];

    const first = await submit(request(0, [], three));
    expect([first.status, first.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    const line = await first.text();
    expect(await openCheckpoint(`${three}${line}`, trust())).toMatchObject({
      size: 3,
      cosigned: new Map([[WITNESS, NOW]]),
    });

    const conflict = await submit(request(0, [], seven));
    expect(conflict.status).toBe(409);
    expect(conflict.headers.get('content-type')).toBe('text/x.tlog.size');
    expect(await conflict.text()).toBe('3\n');

    expect((await submit(request(3, await log.proof(3, 7), seven))).status).toBe(200);
    const served = await fetch(`${front.url(WITNESS)}/${witnessedPath(ORIGIN)}`);
    expect(served.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const record = await served.text();
    expect((await openCheckpoint(record, trust())).cosigned.get(WITNESS)).toBe(NOW);
    expect(parseCheckpoint(record).size).toBe(7);
  });

  it('REQ-LOG-007 REQ-LOG-020 refuses by the status that the protocol gives', async () => {
    front.stores.get(WITNESS)?.files.clear();
    const log = await logOf(own, 'leaf');
    const fork = await logOf(own, 'another');
    const [three, seven] = [await log.at(3), await log.at(7)];
    const [forkedThree, forked] = [await fork.at(3), await fork.at(7)];
    const unknown = await (await logOf(stranger, 'leaf')).at(3);
    expect((await submit(request(0, [], three))).status).toBe(200);
    const forged = three.replace(/(— \S+ .{8})./, (_, head: string) => `${head}A`);
    const bodies: readonly (readonly [number, string])[] = [
      [400, 'what is this'],
      [400, request(8, [], seven)],
      [400, request(3, ['not base64!'], seven)],
      [404, request(0, [], unknown)],
      [403, request(3, [], forged)],
      [422, request(3, [], forkedThree)],
      [422, request(3, await fork.proof(3, 7), forked)],
      [422, request(3, [], seven)],
      [413, `${request(3, [], seven)}${'x'.repeat(LIMITS.checkpointBytes + 4096)}`],
    ];
    for (const [status, body] of bodies) expect([(await submit(body)).status, body]).toEqual([status, body]);
    expect(parseCheckpoint(front.stores.get(WITNESS)?.files.get(witnessedPath(ORIGIN)) ?? '').size).toBe(3);
  });

  it('takes a request of any media type, and refuses what is no UTF-8', async () => {
    front.stores.get(WITNESS)?.files.clear();
    const three = await (await logOf(own, 'leaf')).at(3);
    const bytes = new TextEncoder().encode(request(0, [], three));
    expect((await submit(bytes, 'application/octet-stream')).status).toBe(200);
    expect((await submit(Uint8Array.of(0x6f, 0xff), 'application/octet-stream')).status).toBe(400);
  });

  it('serves nothing but checkpoints', async () => {
    const statuses = await Promise.all(
      ['', '/', `/${'0'.repeat(64)}/checkpoint`, '/..%2fsecret/checkpoint', '/add-checkpoint'].map(
        async (path) => (await fetch(`${front.url(WITNESS)}${path}`)).status,
      ),
    );
    expect(statuses).toEqual([404, 404, 404, 404, 405]);
  });
});

describe('asking witnesses over HTTP', () => {
  it('gathers cosignatures, also of one whose place it does not know, and tells who is silent', async () => {
    front.stores.get(WITNESS)?.files.clear();
    const log = await logOf(own, 'leaf');
    const witnesses = httpWitnesses(front.witnesses);
    const gather = () =>
      gatherCosignatures({ store: log.stores.public, trust: trust(), witnesses }, front.now);
    await log.at(3);
    expect(await gather()).toEqual({ size: 3, cosigned: 1, silent: [] });
    await log.at(7);
    front.down.add(WITNESS);
    expect(await gather()).toEqual({ size: 3, cosigned: 0, silent: [WITNESS] });
    front.down.delete(WITNESS);
    front.now = addSeconds(front.now, 5);
    expect(await gather()).toEqual({ size: 7, cosigned: 1, silent: [] });
  });
});
