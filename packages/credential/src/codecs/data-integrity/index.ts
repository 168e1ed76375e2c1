// The libraries that this codec stands on have no types of their own.
/// <reference path="./digitalbazaar.d.ts" />
export { type IssueDataIntegrityOptions, issueDataIntegrity } from './issue.ts';
export { type ParsedDataIntegrity, parseDataIntegrity, parseDataIntegrityShown } from './parse.ts';
export {
  type PresentDataIntegrityOptions,
  type PresentTogetherOptions,
  presentDataIntegrity,
  presentTogether,
} from './present.ts';
export type { ParsedPresentation } from './presentation.ts';
export { verifyDataIntegrity, verifyDataIntegrityBinding } from './verify.ts';
