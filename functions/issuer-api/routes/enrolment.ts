import { enrol, enrolAsset } from '@symbolon/issuer/enrol';
import { appointGuardian, dismissGuardian } from '@symbolon/issuer/guardians';
import { mergeSubjects } from '@symbolon/issuer/merge';
import { formatInstant } from '@symbolon/protocol/instant';
import type { Route } from '../../runtime/http-function.ts';
import type { IssuerApi } from '../dependencies.ts';
import { operatorRoute } from '../operator-route.ts';
import { AssetRequest, EnrolRequest, GuardianRequest, MergeRequest } from '../requests.ts';

/** Operators with the role `enrol`: who is known, and who belongs together. */
export const ENROLMENT: readonly Route<IssuerApi>[] = [
  operatorRoute({
    path: '/subjects',
    roles: ['enrol'],
    schema: EnrolRequest,
    handle: async (api, { request: { identifiers }, by, now }) => {
      const { subject, code, expiresAt } = await enrol(api, identifiers, by, now);
      api.log('subject.enrolled', { identifiers: identifiers.length });
      return { status: 201, body: { subject, code, expiresAt: formatInstant(expiresAt) } };
    },
  }),
  operatorRoute({
    path: '/assets',
    roles: ['enrol'],
    schema: AssetRequest,
    handle: async (api, { request: { asset }, by, now }) => {
      const { subject } = await enrolAsset(api, asset, by, now);
      api.log('subject.enrolled', { identifiers: 1 });
      return { status: 201, body: { subject } };
    },
  }),
  operatorRoute({
    path: '/subjects/merge',
    roles: ['enrol'],
    schema: MergeRequest,
    handle: async (api, { request: { reason, ...pair }, publication, by, now }) => {
      await mergeSubjects(api, publication, pair, by, reason, now);
      api.log('subjects.merged', by);
      return { status: 200, body: { subject: pair.into } };
    },
  }),
  operatorRoute({
    path: '/guardians',
    roles: ['enrol'],
    schema: GuardianRequest,
    handle: async (api, { request: { dependant, guardian, until, reason }, by, now }) => {
      if (until === null) await dismissGuardian(api, { dependant, guardian }, by, reason, now);
      else await appointGuardian(api, { dependant, guardian, until }, by, reason, now);
      api.log('guardian.changed', by);
      return { status: 200, body: { dependant, until: until === null ? null : formatInstant(until) } };
    },
  }),
];
