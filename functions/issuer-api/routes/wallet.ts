import type { BurstRecord } from '@symbolon/issuer/burst-record';
import { subjectOfCode } from '@symbolon/issuer/enrol';
import { evaluate } from '@symbolon/issuer/evaluate';
import { mayAskFor } from '@symbolon/issuer/guardians';
import { mintBatch } from '@symbolon/issuer/mint-batch';
import { ownRecord } from '@symbolon/issuer/own-record';
import { checkProofs, NONCE_SECONDS } from '@symbolon/issuer/proof-of-possession';
import { schemeOf } from '@symbolon/issuer/publication';
import { revokeCredentials, revokeEverything } from '@symbolon/issuer/revoke';
import { FORMATS, type Format } from '@symbolon/issuer/validity';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addSeconds, formatInstant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import type { Call, Route } from '../../runtime/http-function.ts';
import { tellHeld } from '../../runtime/tell-held.ts';
import type { IssuerApi } from '../dependencies.ts';
import { receiptBeforeMinting } from '../receipt-before-minting.ts';
import { recordJson } from '../record-json.ts';
import { CredentialsRequest, EmptyRequest, RevocationsRequest } from '../requests.ts';

/** What a wallet asks for. It is known by the code that its holder got when enrolled. */
export const WALLET: readonly Route<IssuerApi>[] = [
  {
    method: 'POST',
    path: '/nonce',
    handle: async (api, { now }) => {
      const nonce = encodeBase64url(api.random(16));
      await api.nonces.put(nonce, addSeconds(now, NONCE_SECONDS));
      return { status: 200, body: { nonce, expiresInSeconds: NONCE_SECONDS } };
    },
  },
  {
    method: 'POST',
    path: '/credentials',
    handle: async (api, call) => {
      const { now } = call;
      const asking = await holder(api, call);
      const request = check(CredentialsRequest, call.body, 'request-malformed');
      const format = formatOf(request.format);
      const subject = await subjectFor(api, asking, request.for, call);
      const publication = await api.publication(now);
      const scheme = schemeOf(publication, request.scheme);
      const holderKeys = await checkProofs(api.nonces, request.proofs.jwt, publication.region.issuer, now);
      const tell = (held: BurstRecord) => tellHeld(api.log, held);
      const { decision } = await evaluate(api, publication, scheme, subject, now, tell);
      const signers = await api.signersOf(publication, now);
      const receipt = await receiptBeforeMinting(api, scheme, decision);
      const order = { decision, format, holderKeys };
      const credentials = await mintBatch({ ...api, signers }, publication, order, now);
      // A revocation that came meanwhile has ended the code, and may not have seen the batch; a guardian may have been dismissed.
      await subjectFor(api, await holder(api, call), request.for, call);
      api.log('batch.minted', { scheme: scheme.id, format, credentials: credentials.length });
      return {
        status: 200,
        body: {
          format,
          credentials: credentials.map((credential) => ({ credential })),
          ...(receipt === undefined ? {} : { receipt }),
        },
      };
    },
  },
  {
    method: 'POST',
    path: '/record',
    handle: async (api, call) => {
      const subject = await holder(api, call);
      check(EmptyRequest, call.body, 'request-malformed');
      const publication = await api.publication(call.now);
      return { status: 200, body: recordJson(await ownRecord(api, publication, subject, call.now)) };
    },
  },
  {
    method: 'POST',
    path: '/revocations',
    handle: async (api, call) => {
      const asking = await holder(api, call);
      const request = check(RevocationsRequest, call.body, 'request-malformed');
      const subject = await subjectFor(api, asking, request.for, call);
      const publication = await api.publication(call.now);
      const revoke = request.for === undefined ? revokeEverything : revokeCredentials;
      const { entries, unlistedUntil } = await revoke(api, publication, subject, call.now);
      api.log('credentials.revoked', { entries });
      const until = unlistedUntil === undefined ? null : formatInstant(unlistedUntil);
      return { status: 200, body: { revoked: entries, unlistedUntil: until } };
    },
  },
];

/** REQ-ISS-013 */
function formatOf(name: string): Format {
  const format = FORMATS.find((each) => each === name);
  if (format === undefined) throw new SymbolonError('format-unsupported');
  return format;
}

async function holder(api: IssuerApi, { bearer, now }: Call): Promise<string> {
  if (bearer === undefined) throw new SymbolonError('unauthenticated');
  return subjectOfCode(api, bearer, now);
}

async function subjectFor(
  api: IssuerApi,
  asking: string,
  dependant: string | undefined,
  { now }: Call,
): Promise<string> {
  if (dependant === undefined) return asking;
  // The handle that was given out may be of a subject that was merged since.
  return (await mayAskFor(api.subjects, asking, dependant, now)).subject;
}
