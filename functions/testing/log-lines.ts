import type { Log, LogCatalogue } from '../runtime/log.ts';

/** The fields of every line that the issuer's functions write: what the types of the catalogue say, for a running test. */
const FIELDS = {
  'request.done': ['route', 'status', 'milliseconds'],
  'request.refused': ['route', 'code'],
  'request.failed': ['route', 'code', 'cause', 'errorName', 'where'],
  'schedule.done': ['milliseconds'],
  'schedule.failed': ['code', 'cause', 'errorName', 'where'],
  'start.failed': ['code', 'errorName', 'detail'],
  'subject.enrolled': ['identifiers'],
  'facts.stored': ['scheme', 'source', 'facts', 'new'],
  'facts.held': ['scheme', 'source', 'adverse'],
  'facts.settled': ['source', 'state', 'kid'],
  'facts.read': ['scheme', 'authority', 'kid'],
  'subjects.merged': ['authority', 'kid'],
  'guardian.changed': ['authority', 'kid'],
  'card.minted': ['scheme'],
  'batch.minted': ['scheme', 'format', 'credentials'],
  'credentials.revoked': ['entries'],
  'decision.proposed': ['scheme', 'rule', 'kid'],
  'decision.settled': ['scheme', 'rule', 'verdict', 'kid'],
  'decision.withdrawn': ['kid'],
  'burst.held': ['burst', 'scheme', 'cause'],
  'burst.released': ['burst', 'rules'],
  'burst.lapsed': ['burst'],
  'decisions.kept': ['lapsed', 'proposals', 'decided', 'continued', 'visited', 'changed', 'requeued'],
  'log.round': ['size', 'added', 'witnessed', 'settled'],
  'log.witness-silent': ['witness'],
  'log.witnesses-too-few': ['waiting', 'cosigned'],
  'log.damaged': ['code', 'path'],
  'log.region-left-out': ['region', 'code'],
} as const satisfies { readonly [E in keyof LogCatalogue]?: readonly (keyof LogCatalogue[E])[] };

export interface LogLine {
  readonly event: keyof LogCatalogue;
  readonly fields: object;
}

/** Keeps lines, and what was said by and to people meanwhile, to be held against each other. */
export interface Recorder {
  readonly log: Log;
  readonly lines: LogLine[];
  /** Notes what must be in no line: every subject, code, identifier, credential, reason and statement of a request or an answer. */
  heard(message: unknown): void;
  /** Lines that are not of the catalogue, or say more than it allows. */
  stray(): readonly LogLine[];
}

/** Members of requests, answers and statements that are about people, or secret. */
const PERSONAL = new Set([
  ...['subject', 'from', 'into', 'dependant', 'guardian', 'for', 'value', 'asset', 'initials', 'code'],
  ...['nonce', 'jwt', 'credential', 'batch', 'proposal', 'approval', 'withdrawal', 'releases'],
  ...['reason', 'statement', 'place'],
]);
/** Shorter ones are part of other words by chance. */
const LEAST_CHARS = 4;

export function recorder(): Recorder {
  const lines: LogLine[] = [];
  const personal = new Set<string>();
  const note = (value: unknown, isPersonal: boolean): void => {
    if (typeof value === 'string') {
      if (isPersonal && value.length >= LEAST_CHARS) personal.add(value);
      for (const claims of claimsOf(value)) note(claims, false);
    } else if (Array.isArray(value)) for (const each of value) note(each, isPersonal);
    else if (typeof value === 'object' && value !== null)
      for (const [name, each] of Object.entries(value)) note(each, PERSONAL.has(name));
  };
  return {
    lines,
    log: (event, fields) => lines.push({ event, fields }),
    heard: (message) => note(message, false),
    stray: () =>
      lines.filter(({ event, fields }) => {
        const allowed: readonly string[] = Object.entries(FIELDS).find(([name]) => name === event)?.[1] ?? [];
        const text = JSON.stringify(fields);
        const isExact = Object.keys(fields).toSorted().join() === allowed.toSorted().join();
        return !isExact || text.includes('eyJ') || [...personal].some((each) => text.includes(each));
      }),
  };
}

/** What is inside a compact JWS, when it is one. */
function claimsOf(text: string): readonly unknown[] {
  const [header, payload] = text.split('.');
  if (header?.startsWith('eyJ') !== true || payload === undefined) return [];
  try {
    return [JSON.parse(Buffer.from(payload, 'base64url').toString())];
  } catch {
    return [];
  }
}
