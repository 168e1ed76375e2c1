import { enrol, enrolAsset } from '@symbolon/issuer/enrol';
import { appointGuardian, dismissGuardian } from '@symbolon/issuer/guardians';
import { mergeSubjects } from '@symbolon/issuer/merge';
import { formatInstant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import type { Route } from '../../runtime/http-function.ts';
import type { IssuerApi } from '../dependencies.ts';
import { AssetRequest, EnrolRequest, GuardianRequest, MergeRequest } from '../requests.ts';

/** Operators with the role `enrol`: who is known, and who belongs together. */
export const ENROLMENT: readonly Route<IssuerApi>[] = [
  {
    method: 'POST',
    path: '/subjects',
    handle: async (api, { body, bearer, now }) => {
      const { region } = await api.publication(now);
      const by = await api.authorise(bearer, 'enrol', region, now);
      const { identifiers } = check(EnrolRequest, body, 'request-malformed');
      const { subject, code, expiresAt } = await enrol(api, identifiers, by, now);
      api.log('subject.enrolled', { identifiers: identifiers.length });
      return { status: 201, body: { subject, code, expiresAt: formatInstant(expiresAt) } };
    },
  },
  {
    method: 'POST',
    path: '/assets',
    handle: async (api, { body, bearer, now }) => {
      const { region } = await api.publication(now);
      const by = await api.authorise(bearer, 'enrol', region, now);
      const { asset } = check(AssetRequest, body, 'request-malformed');
      const { subject } = await enrolAsset(api, asset, by, now);
      api.log('subject.enrolled', { identifiers: 1 });
      return { status: 201, body: { subject } };
    },
  },
  {
    method: 'POST',
    path: '/subjects/merge',
    handle: async (api, { body, bearer, now }) => {
      const publication = await api.publication(now);
      const by = await api.authorise(bearer, 'enrol', publication.region, now);
      const { reason, ...pair } = check(MergeRequest, body, 'request-malformed');
      await mergeSubjects(api, publication, pair, by, reason, now);
      api.log('subjects.merged', by);
      return { status: 200, body: { subject: pair.into } };
    },
  },
  {
    method: 'POST',
    path: '/guardians',
    handle: async (api, { body, bearer, now }) => {
      const { region } = await api.publication(now);
      const by = await api.authorise(bearer, 'enrol', region, now);
      const { dependant, guardian, until, reason } = check(GuardianRequest, body, 'request-malformed');
      if (until === null) await dismissGuardian(api, { dependant, guardian }, by, reason, now);
      else await appointGuardian(api, { dependant, guardian, until }, by, reason, now);
      api.log('guardian.changed', by);
      return { status: 200, body: { dependant, until: until === null ? null : formatInstant(until) } };
    },
  },
];
