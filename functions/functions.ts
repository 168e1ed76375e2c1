/** The functions that exist: a folder each, and what starts it. The one list that the bundler, the local network and the CDK app share. */
export const FUNCTIONS = {
  'issuer-api': { trigger: 'http' },
  'decisions-upkeep': { trigger: 'schedule' },
  'log-sequence': { trigger: 'schedule' },
  'status-publish': { trigger: 'schedule' },
  'key-epoch': { trigger: 'schedule' },
  'registry-publish': { trigger: 'http' },
  'registry-timestamp': { trigger: 'schedule' },
  'verifier-api': { trigger: 'http' },
  witness: { trigger: 'http' },
} as const;

export type FunctionName = keyof typeof FUNCTIONS;
