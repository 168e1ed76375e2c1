import type { ExplainWords } from './words.ts';

export const EN: ExplainWords = {
  passed: 'passed',
  found: 'something was found',
  skipped: 'not looked at',
  comma: ', ',
  credential: (number) => `Credential ${number}: `,
  form: {
    qr: (characters) => `The text of a QR code, ${characters} characters.`,
    'sd-jwt': (characters) => `An SD-JWT, ${characters} characters.`,
    'json-ld': (characters) => `A JSON-LD document, ${characters} characters.`,
  },
  holds: (credentials) =>
    credentials === 1 ? 'It holds one credential.' : `Together there are ${credentials} credentials.`,
  registry: (version, signedAt, age) => `Registry version ${version}, signed at ${signedAt}, ${age} ago.`,
  freshness: (warn, refer, block) =>
    `The federation warns from ${warn} on, asks a person from ${refer} on, and relies on none from ${block} on.`,
  logged: (at, age) => `This version is in the public log, which the witnesses saw at ${at}, ${age} ago.`,
  notLogged: (at, age) =>
    `The witnesses saw the public log at ${at}, ${age} ago; this version is not shown to be in it.`,
  region: (id, name, until) =>
    `The issuer is the region ${id} (${name}); its files are valid until ${until}.`,
  key: (kid, alg, from, until) =>
    `The region publishes the key ${kid} (${alg}) for credentials, from ${from} to ${until}, and has not revoked it.`,
  signedBy: (alg, kid) => `The ${alg} signature is by the key ${kid}.`,
  scheme: (id, title, longest) => `Scheme ${id} (${title}): a credential is valid for ${longest} at most.`,
  validity: (from, until, now) => `Valid from ${from} to ${until}; it was checked as of ${now}.`,
  sampled: (at, age) => `The sample was taken at ${at}, ${age} before.`,
  clock: (newest) => `The newest signed time that was seen here is ${newest}.`,
  card: 'A card or a label without a key, which the scheme allows.',
  boundInPerson: 'The holder proved to have its key, to whoever looks, in person.',
  boundTo: (audience) =>
    `The holder proved to have its key, to ${audience}, with the nonce that was asked for.`,
  boundAt: (at, age, behind, ahead) =>
    `The proof was made at ${at}, ${age} before; it is accepted up to ${behind} s afterwards, and ${ahead} s ahead.`,
  noEntry: (validity) => `The credential names no status list; it is valid for ${validity}.`,
  entry: (index, uri) => `The status is entry ${index} of ${uri}.`,
  listAt: (at, age) => `Lists were read as of ${at}, ${age} before.`,
  contested: 'The status is contested.',
  rule: (ref, words) => `Rule ${ref}: ${words}`,
  legalBasis: (words) => `Legal basis: ${words}`,
  ruleTimes: (from, until) => `In force from ${from} to ${until}.`,
  decidedBy: (authority, name, level, evidence) =>
    `Decided by ${authority} (${name}): level ${level}, evidence ${evidence}.`,
  ownRegion: (region) => `It is a status of ${region} itself, and counts as it is.`,
  recognisedFrom: {
    region: (by, whom) => `${by} recognises the region ${whom} for this scheme.`,
    group: (by, whom) => `${by} recognises the group ${whom} for this scheme.`,
    all: (by) => `${by} recognises all regions for this scheme.`,
  },
  levels: (pairs) => `Its levels count as: ${pairs}.`,
  condition: {
    rules: (what) => `On condition of the rule ${what}.`,
    authorities: (what) => `On condition of the authority ${what}.`,
    evidence: (what) => `On condition of the evidence ${what}.`,
    longestAge: (what) => `On condition that it is not older than ${what}.`,
    none: () => 'On no condition.',
  },
  countsAs: (level) => `Here it counts as ${level}.`,
  purpose: (purpose, schemes) => `Asked for ${purpose}: ${schemes}.`,
  expression: (text) => `The policy is: ${text}`,
  variable: (name, value) => `${name} was ${value}`,
  noValue: 'without a value',
  units: { second: 's', minute: 'min', hour: 'h', day: 'd' },
};
