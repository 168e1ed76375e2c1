import { sha256 } from '@symbolon/keys/digest';
import { toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import type { ChangeOf } from './change.ts';
import { type Apply, requireRole, reviseRole } from './revise.ts';

/** @throws SymbolonError `change-empty`, `region-unknown`, and what the content checks throw */
export const put: Apply<ChangeOf<'put'>> = async (next, { role, files, remove = [] }, now) => {
  const listed = requireRole(next, role).metadata?.signed.targets ?? {};
  const changed = [...files].some(
    ([path, bytes]) => own(listed, path)?.hashes.sha256 !== toHex(sha256(bytes)),
  );
  const removed = remove.some((path) => own(listed, path) !== undefined);
  // REQ-CER-008
  if (!changed && !removed) throw new SymbolonError('change-empty', { path: role });
  return reviseRole(next, { role, put: files, remove }, now);
};
