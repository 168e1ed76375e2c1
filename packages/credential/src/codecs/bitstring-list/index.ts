// The libraries that this codec stands on have no types of their own.
/// <reference path="../data-integrity/digitalbazaar.d.ts" />
export { type BitstringListOrder, issueBitstringList } from './issue.ts';
export { type ParsedBitstringList, parseBitstringList } from './parse.ts';
export { verifyBitstringList } from './verify.ts';
