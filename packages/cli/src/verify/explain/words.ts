/** What `explain` says besides the sentences of codes, in one language. Times come as texts, lengths of time as `lengthText` writes them. */
export interface ExplainWords {
  readonly passed: string;
  readonly found: string;
  readonly skipped: string;
  /** Lists names. */
  readonly comma: string;
  readonly credential: (number: number) => string;
  readonly form: Readonly<Record<Form, (characters: number) => string>>;
  readonly holds: (credentials: number) => string;
  readonly registry: (version: number, signedAt: string, age: string) => string;
  readonly freshness: (warn: string, refer: string, block: string) => string;
  /** The registry's version is in its log, and when enough witnesses had seen that log. */
  readonly logged: (at: string, age: string) => string;
  /** It is not shown to be, and when they had seen the log. */
  readonly notLogged: (at: string, age: string) => string;
  readonly region: (id: string, name: string, until: string) => string;
  readonly key: (kid: string, alg: string, from: string, until: string) => string;
  readonly signedBy: (alg: string, kid: string) => string;
  readonly scheme: (id: string, title: string, longest: string) => string;
  readonly validity: (from: string, until: string, now: string) => string;
  readonly sampled: (at: string, age: string) => string;
  readonly clock: (newest: string) => string;
  readonly card: string;
  readonly boundInPerson: string;
  readonly boundTo: (audience: string) => string;
  readonly boundAt: (at: string, age: string, behind: number, ahead: number) => string;
  readonly noEntry: (validity: string) => string;
  readonly entry: (index: number, uri: string) => string;
  readonly listAt: (at: string, age: string) => string;
  readonly contested: string;
  readonly rule: (ref: string, words: string) => string;
  readonly legalBasis: (words: string) => string;
  readonly ruleTimes: (from: string, until: string) => string;
  readonly decidedBy: (authority: string, name: string, level: string, evidence: string) => string;
  readonly ownRegion: (region: string) => string;
  readonly recognisedFrom: Readonly<Record<'region' | 'group' | 'all', (by: string, whom: string) => string>>;
  readonly levels: (pairs: string) => string;
  readonly condition: Readonly<Record<ConditionPart, (what: string) => string>>;
  readonly countsAs: (level: string) => string;
  readonly purpose: (purpose: string, schemes: string) => string;
  readonly expression: (text: string) => string;
  readonly variable: (name: string, value: string) => string;
  readonly noValue: string;
  readonly units: Readonly<Record<'second' | 'minute' | 'hour' | 'day', string>>;
}

export type Form = 'qr' | 'sd-jwt' | 'json-ld';
export type ConditionPart = 'rules' | 'authorities' | 'evidence' | 'longestAge' | 'none';

/** `20 min`, `26 h`, `10 d`: whole units, of the largest that leaves two of it at least. */
export function lengthText(seconds: number, { units }: ExplainWords): string {
  const sizes = [
    [86_400, units.day],
    [3_600, units.hour],
    [60, units.minute],
  ] as const;
  const [size, unit] = sizes.find(([each]) => Math.abs(seconds) >= 2 * each) ?? [1, units.second];
  return `${Math.round(seconds / size)} ${unit}`;
}
