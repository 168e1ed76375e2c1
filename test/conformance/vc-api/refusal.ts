/** The problem types of W3C that this server tells, by the specification that names them. */
const PROBLEMS = {
  PARSING_ERROR: 'https://www.w3.org/TR/vc-data-model#',
  MALFORMED_VALUE_ERROR: 'https://www.w3.org/TR/vc-data-model#',
  RANGE_ERROR: 'https://www.w3.org/TR/vc-data-model#',
  PROOF_GENERATION_ERROR: 'https://w3id.org/security#',
  PROOF_VERIFICATION_ERROR: 'https://w3id.org/security#',
  INVALID_CHALLENGE_ERROR: 'https://w3id.org/security#',
  INVALID_DOMAIN_ERROR: 'https://w3id.org/security#',
  STATUS_RETRIEVAL_ERROR: 'https://www.w3.org/ns/credentials/status-list#',
  STATUS_VERIFICATION_ERROR: 'https://www.w3.org/ns/credentials/status-list#',
} as const;
export type Problem = keyof typeof PROBLEMS;

/** What answers 400. Like all errors here it never holds input, but for the path to the fault. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, detail: string) {
    super(detail);
    this.name = 'Refusal';
    this.problem = problem;
  }
}

/** `problemDetails` of an answer (RFC 9457; VC Data Model 2.0, section 7.3). */
export function problemDetails({ problem, message }: Refusal): readonly object[] {
  return [{ type: `${PROBLEMS[problem]}${problem}`, title: problem, detail: message }];
}
