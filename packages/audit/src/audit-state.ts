import type { LogState } from './log/log-state.ts';

/**
 * Port: what an auditor remembers from one audit to the next.
 *
 * Contract: what was saved is what the next `log` gives, whole or not at all. Of two audits that read one state, the second one to save is refused: it has not held its checkpoint to what the first
 * one saw.
 */
export interface AuditState {
  /** A new state where nothing is remembered. @throws SymbolonError `audit-state-malformed` */
  log(origin: string): Promise<LogState>;
  save(state: LogState): Promise<void>;
  /** Keeps a signed note that contradicts another one. @returns its name */
  keepEvidence(origin: string, note: string): Promise<string>;
}
