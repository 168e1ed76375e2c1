/**
 * Ports of the issuer, by what they keep. Each comment is the consistency contract that an adapter must keep; `test/contract` holds adapters to it.
 * Every write is one conditional write to one item, so whatever a crash leaves half done, the next run finishes.
 */
export * from './ports/decisions.ts';
export * from './ports/facts.ts';
export * from './ports/lists.ts';
export * from './ports/secrets.ts';
export * from './ports/subjects.ts';
export * from './ports/work.ts';
