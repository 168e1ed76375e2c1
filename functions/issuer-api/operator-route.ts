import type { OperatorRef } from '@symbolon/issuer/journal-entry';
import type { OperatorRole } from '@symbolon/issuer/operators';
import type { Publication } from '@symbolon/issuer/publication';
import type { Instant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import type * as z from 'zod/mini';
import type { Answer, Route } from '../runtime/http-function.ts';
import type { IssuerApi } from './dependencies.ts';

/** A request of an operator who may make it. */
export interface OperatorCall<T> {
  readonly request: T;
  readonly publication: Publication;
  readonly by: OperatorRef;
  readonly now: Instant;
}

export interface OperatorRoute<T extends z.core.$ZodType> {
  readonly path: string;
  /** One of them is enough. */
  readonly roles: readonly [OperatorRole, OperatorRole?];
  readonly schema: T;
  readonly handle: (api: IssuerApi, call: OperatorCall<z.output<T>>) => Promise<Answer>;
}

/** A route for operators: who may not call it learns nothing of its form, so the token comes before the body. */
export function operatorRoute<T extends z.core.$ZodType>(route: OperatorRoute<T>): Route<IssuerApi> {
  const { path, roles, schema, handle } = route;
  const [role, other] = roles;
  return {
    method: 'POST',
    path,
    handle: async (api, { body, bearer, now }) => {
      const publication = await api.publication(now);
      const authorise = (each: OperatorRole) => api.authorise(bearer, each, publication.region, now);
      const first = authorise(role);
      const by = await (other === undefined ? first : first.catch(() => authorise(other)));
      return handle(api, { request: check(schema, body, 'request-malformed'), publication, by, now });
    },
  };
}
