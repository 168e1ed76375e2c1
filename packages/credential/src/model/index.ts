export { IN_PERSON_AUDIENCE, windowNonce } from './in-person.ts';
export type { Details, StatusClaims } from './status-claims.ts';
