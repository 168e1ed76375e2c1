import { CredentialIssuancePurpose, issue } from '@digitalbazaar/vc';
import type { Json, JsonObject } from '@symbolon/protocol/strict-json';
import { describe, expect, it } from 'vitest';
import vector from '../../vectors/w3c-data-integrity/ecdsa-rdfc-2019-p256.json' with { type: 'json' };
import { problemOf } from './client.ts';
import { type LibraryParty, libraryLoader, libraryParty } from './library-party.ts';
import { EDDSA, NOW_TEXT, P256, unsigned, useServer } from './testing.ts';

/** Who must have signed, and when it is good. */
const { issued, verify } = useServer();
const PROOF_ONLY = { checks: ['proof'] };
const alice = await libraryParty('ES256', 'vc-api alice');
const bob = await libraryParty('EdDSA', 'vc-api bob');

/** The library signs in whoever's name. */
const signedBy = async (party: LibraryParty, credential: object) =>
  (await issue({ credential, suite: party.suite(NOW_TEXT), documentLoader: libraryLoader })) as JsonObject;

describe('issuer and key', () => {
  it('a proof by a key that is not the issuer’s counts for the proof alone', async () => {
    const credential = await signedBy(bob, unsigned(alice.did));
    expect((await verify(credential, PROOF_ONLY)).status).toBe(200);
    for (const options of [undefined, {}, { checks: ['proof', 'credentialStatus'] }] as const) {
      const refused = await verify(credential, options);
      expect([refused.status, problemOf(refused)[1]]).toEqual([400, 'No proof is by a key of the issuer']);
    }
    expect((await verify(await signedBy(alice, unsigned(alice.did)))).status).toBe(200);
  });

  it('W3C’s vector of P-256, whose issuer does not name the key, counts for the proof alone', async () => {
    expect((await verify(vector, PROOF_ONLY)).status).toBe(200);
    const refused = await verify(vector);
    expect([refused.status, problemOf(refused)[1]]).toEqual([400, 'No proof is by a key of the issuer']);
    const cut = { ...vector, proof: { ...vector.proof, proofValue: vector.proof.proofValue.slice(0, -1) } };
    expect((await verify(cut, PROOF_ONLY)).status).toBe(400);
  });

  it('the key of one did is not shown as the method of another', async () => {
    const credential = await signedBy(alice, unsigned(alice.did));
    const method = `${alice.did}#${bob.did.slice('did:key:'.length)}`;
    const proof = { ...(credential['proof'] as JsonObject), verificationMethod: method };
    const refused = await verify({ ...credential, proof }, PROOF_ONLY);
    expect([refused.status, problemOf(refused)[1]]).toEqual([
      400,
      'The verification method is not that of its controller',
    ]);
  });

  it('an issuer signs for itself only', async () => {
    await expect(issued('p256', unsigned(EDDSA))).rejects.toThrow('nothing was issued');
    expect(
      (await verify(await issued('p256', unsigned(P256, { issuer: { id: P256, name: 'P' } })))).status,
    ).toBe(200);
  });
});

describe('the validity is held to the clock, unless only the proof is checked', () => {
  it.each<[string, JsonObject, number]>([
    ['begins now', { validFrom: NOW_TEXT }, 200],
    ['ends now, in another time zone', { validUntil: '2026-11-22T05:00:00+08:00' }, 200],
    ['begins in a second', { validFrom: '2026-11-21T21:00:01Z' }, 400],
    ['has ended by a second', { validUntil: '2026-11-21T20:59:59Z' }, 400],
    ['has ended in 1999', { validUntil: '1999-12-31T23:59:59.999Z' }, 400],
  ])('it %s', async (_, times, status) => {
    const credential = await issued('eddsa', unsigned(EDDSA, times));
    const reply = await verify(credential);
    expect([reply.status, problemOf(reply)[0]]).toEqual([status, status === 200 ? undefined : 'RANGE_ERROR']);
    expect((await verify(credential, PROOF_ONLY)).status).toBe(200);
  });
});

describe('several proofs (VC Data Integrity 1.0, section 2.1.2)', async () => {
  const base = unsigned(alice.did);
  const purpose = new CredentialIssuancePurpose({ controller: { id: alice.did } });
  /** A proof with more names than the library gives it, over the base and the proofs before it. */
  const proofOf = async (party: LibraryParty, more: JsonObject, before: readonly Json[] = []) => {
    const suite = Object.assign(party.suite(NOW_TEXT), { proof: more });
    const document = before.length === 0 ? base : { ...base, proof: before };
    return (await suite.createProof({ document, purpose, documentLoader: libraryLoader })) as JsonObject;
  };
  const ID = 'urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544';
  const first = await proofOf(bob, { id: ID });
  const second = await proofOf(alice, { previousProof: ID }, [first]);

  it('a chain is verified, each proof over those before it', async () => {
    expect((await verify({ ...base, proof: [first, second] })).status).toBe(200);
    const listed = await proofOf(alice, { previousProof: [ID] }, [first]);
    expect((await verify({ ...base, proof: [listed, first] })).status).toBe(200);
  });

  it('a set is verified when every proof holds and one is the issuer’s', async () => {
    const alone = await proofOf(alice, {});
    const [{ proofValue: _, ...head }, { proofValue: value }] = [first, alone];
    expect((await verify({ ...base, proof: [first, alone] })).status).toBe(200);
    expect((await verify({ ...base, proof: [first] })).status).toBe(400);
    expect((await verify({ ...base, proof: [{ ...head, proofValue: value }, alone] })).status).toBe(400);
  });

  it.each<[string, readonly Json[], string]>([
    ['is missing', [second], 'A previous proof is missing'],
    ['is itself', [{ ...second, id: ID }], 'A previous proof is missing'],
    ['is there twice', [first, first, second], 'Two proofs have one id'],
    ['is no URL', [first, { ...second, previousProof: 456321 }], 'Not as specified: previousProof'],
    [
      'was not covered',
      [first, await proofOf(alice, { previousProof: ID })],
      'A proof does not hold, or covers not all that is said',
    ],
    [
      'was exchanged',
      [await proofOf(alice, { id: ID }), second],
      'A proof does not hold, or covers not all that is said',
    ],
  ])('a chain whose previous proof %s is refused', async (_, proof, detail) => {
    const refused = await verify({ ...base, proof }, PROOF_ONLY);
    expect([refused.status, ...problemOf(refused)]).toEqual([400, 'PROOF_VERIFICATION_ERROR', detail]);
  });

  it('a proof that has expired is refused', async () => {
    const proof = await proofOf(alice, { expires: NOW_TEXT });
    expect(problemOf(await verify({ ...base, proof }))[1]).toBe('A proof has expired');
    const lasting = await proofOf(alice, { expires: '2026-11-21T21:00:01Z' });
    expect((await verify({ ...base, proof: lasting })).status).toBe(200);
  });
});
