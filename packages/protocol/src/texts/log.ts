/** Of the codes of logs, receipts and witnesses. */
export const LOG = {
  'leaf-malformed': 'A leaf of the log does not have its form: tell those who run the log.',
  'checkpoint-malformed': 'The checkpoint of the log is not one, or it is damaged: fetch it again.',
  'log-origin': 'This is of another log than the one that the registry names for this region.',
  'log-signature':
    'The checkpoint is not signed by a key that the registry names for this log: do not rely on it.',
  'witnesses-too-few': 'Too few witnesses have seen this checkpoint: wait, and ask again.',
  'inclusion-invalid': 'The proof does not lead to the checkpoint: this leaf is not shown to be in the log.',
  'log-fork':
    'The log shows a history that does not follow from the one seen before: keep both, and tell everyone.',
  'log-truncated': 'The log has become shorter than it was: keep what you have, and tell everyone.',
  'checkpoint-stale':
    'The log has not been cosigned for too long: its witnesses or the log itself may have stopped.',
  'tile-malformed':
    'A part of the log does not fit its checkpoint: fetch it again, and tell those who run the log.',
  'leaf-rewritten': 'An entry of the log is not the one that was logged: keep it, and tell everyone.',
  'receipt-malformed': 'This is not a receipt, or it is damaged: get a new one with the next batch.',
  'receipt-commitment': 'Salt and details of this receipt do not belong to its leaf.',
  'receipt-mismatch':
    'The receipt is of another decision than the credentials that it came with: ask the issuer.',
  'log-damaged':
    'What is stored of the log is not what was signed: nothing is signed until somebody has looked.',
  'cosignature-invalid': 'A signature by a known witness is not right: do not rely on this checkpoint.',
  'registry-unlogged':
    'This version of the registry is not shown to be in its public log: refresh the trust bundle.',
  'role-without-lead': 'A key was added to a role too recently to count: wait until its lead time is over.',
  'log-missing': 'A part of the log cannot be fetched: try again later.',
  'log-unknown': 'This witness was not given the keys of that log.',
  'checkpoint-conflict': 'Another checkpoint came first: ask from the size that the witness has.',
  'receipt-missing':
    'The issuer gave no receipt with this batch: nothing proves that the decision is in the log.',
} as const;

/** Of the codes of an audit. */
export const AUDIT = {
  'burst-unheld': 'More adverse decisions were made than the federation allows, and nobody released them.',
  'leaf-misdated': 'A leaf is dated differently from when the witnesses saw it.',
  'rate-unusual': 'One office decides adversely much more often than it did: ask it why.',
  'publication-unlogged': 'A publication of the registry is not in its log, or not in its place.',
  'approvers-missing': 'A decision by hand does not name two operators of its office with different roles.',
  'audit-state-malformed':
    'The saved state of the audit cannot be read, or is of another log: give another folder.',
  'burst-held':
    'More adverse decisions than the federation allows wait for two people from above: ask why there are so many.',
} as const;
