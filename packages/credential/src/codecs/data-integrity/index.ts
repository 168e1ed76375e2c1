// The libraries that this codec stands on have no types of their own.
/// <reference path="./digitalbazaar.d.ts" />
export { type IssueDataIntegrityOptions, issueDataIntegrity } from './issue.ts';
export { type ParsedDataIntegrity, parseDataIntegrity } from './parse.ts';
export { type PresentDataIntegrityOptions, presentDataIntegrity } from './present.ts';
export type { ParsedPresentation } from './presentation.ts';
export { verifyDataIntegrity, verifyDataIntegrityBinding } from './verify.ts';
