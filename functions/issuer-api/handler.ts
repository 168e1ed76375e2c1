import { decideSubject } from '@symbolon/issuer/decide';
import { endLivingCredentials } from '@symbolon/issuer/end-credentials';
import { enrol, subjectOfCode } from '@symbolon/issuer/enrol';
import { takeInFacts } from '@symbolon/issuer/intake';
import { mintBatch } from '@symbolon/issuer/mint-batch';
import { ENTRY } from '@symbolon/issuer/ports';
import { checkProofs, NONCE_SECONDS } from '@symbolon/issuer/proof-of-possession';
import { schemeOf } from '@symbolon/issuer/publication';
import { FORMATS, type Format } from '@symbolon/issuer/validity';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { addSeconds, formatInstant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { type Call, httpFunction, type Route } from '../runtime/http-function.ts';
import { jsonLog } from '../runtime/log.ts';
import { type IssuerApi, issuerApi } from './dependencies.ts';
import { CredentialsRequest, EnrolRequest, FactsRequest, RevocationRequest } from './requests.ts';

/** The issuer's API. Operators enrol subjects and report facts; wallets fetch batches. Read top to bottom: it is the protocol. */
export const ROUTES: readonly Route<IssuerApi>[] = [
  {
    method: 'POST',
    path: '/subjects',
    handle: async (api, { body, bearer, now }) => {
      await api.authorise(bearer, 'enrol', now);
      const { identifiers } = check(EnrolRequest, body, 'request-malformed');
      const { subject, code, expiresAt } = await enrol(api, identifiers, now);
      api.log('subject.enrolled', { identifiers: identifiers.length });
      return { status: 201, body: { subject, code, expiresAt: formatInstant(expiresAt) } };
    },
  },
  {
    method: 'POST',
    path: '/facts',
    handle: async (api, { body, bearer, now }) => {
      await api.authorise(bearer, 'facts', now);
      const request = check(FactsRequest, body, 'request-malformed');
      if (!(await api.subjects.exists(request.subject))) throw new SymbolonError('subject-unknown');
      const publication = await api.publication(now);
      const scheme = schemeOf(publication, request.scheme);
      const added = await takeInFacts(api, scheme, request.subject, request.facts, now);
      api.log('facts.stored', { scheme: scheme.id, facts: request.facts.length, new: added });
      // A changed fact re-evaluates its subject at once (protocol, section 9.3).
      const decision = await decideSubject(
        api,
        scheme,
        api.rules(publication, scheme),
        request.subject,
        now,
      ).catch(whenNoRule);
      if (decision === undefined) return { status: 200, body: { new: added, level: null, rule: null } };
      api.log('decision.made', { scheme: scheme.id, rule: decision.rule, mode: decision.mode });
      return { status: 200, body: { new: added, level: decision.level, rule: decision.rule } };
    },
  },
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
      const subject = await holder(api, call);
      const request = check(CredentialsRequest, call.body, 'request-malformed');
      const format = formatOf(request.format);
      const publication = await api.publication(now);
      const scheme = schemeOf(publication, request.scheme);
      const holderKeys = await checkProofs(api.nonces, request.proofs.jwt, publication.region.issuer, now);
      const decision = await decideSubject(api, scheme, api.rules(publication, scheme), subject, now);
      const listEntries = api.listEntries;
      const signers = await api.signersOf(publication, now);
      const credentials = await mintBatch(
        { ...api, signers },
        publication,
        { decision, format, holderKeys, listEntries },
        now,
      );
      // A revocation that came meanwhile has ended the code, and may not have seen the batch.
      await holder(api, call);
      api.log('batch.minted', { scheme: scheme.id, format, credentials: credentials.length });
      return {
        status: 200,
        body: { format, credentials: credentials.map((credential) => ({ credential })) },
      };
    },
  },
  {
    method: 'POST',
    path: '/revocations',
    handle: async (api, call) => {
      const subject = await holder(api, call);
      check(RevocationRequest, call.body, 'request-malformed');
      // The codes first: whoever has the phone has one, and a batch that is being minted is not handed out any more. An operator gives out another.
      await api.enrolments.endAll(subject);
      const { entries, unlistedUntil } = await endLivingCredentials(
        api,
        subject,
        undefined,
        call.now,
        ENTRY.invalid,
      );
      api.log('credentials.revoked', { entries });
      const until = unlistedUntil === undefined ? null : formatInstant(unlistedUntil);
      return { status: 200, body: { revoked: entries, unlistedUntil: until } };
    },
  },
];

/** REQ-ISS-008: facts that no rule makes a level of are stored all the same. */
function whenNoRule(error: unknown): undefined {
  if (isSymbolonError(error) && error.code === 'no-decision') return undefined;
  throw error;
}

/** REQ-ISS-013 */
function formatOf(name: string): Format {
  const format = FORMATS.find((each) => each === name);
  if (format === undefined) throw new SymbolonError('format-unsupported');
  return format;
}

/** A wallet is known by the code that its holder got when enrolled. */
async function holder(api: IssuerApi, { bearer, now }: Call): Promise<string> {
  if (bearer === undefined) throw new SymbolonError('unauthenticated');
  return subjectOfCode(api.enrolments, bearer, now);
}

export const handler = httpFunction(jsonLog('issuer-api'), issuerApi, ROUTES);
