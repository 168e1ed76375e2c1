import { algorithmOf } from '@symbolon/keys/algorithms';
import { kidOf } from '@symbolon/keys/kid';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, formatInstant, HOUR_SECONDS, type Instant, instant } from '@symbolon/protocol/instant';
import { isJsonObject, type JsonObject } from '@symbolon/protocol/strict-json';
import {
  isLongLived,
  type KeyWindow,
  keepHours,
  LONG_KEY_HOURS,
  planEpochs,
} from '../../epochs/plan-epochs.ts';
import { keysRoleOf } from '../../metadata/delegations.ts';
import { regionFile } from '../../registry-view/owners.ts';
import { earliestStart, type KeyPolicy, type KeysContent, keyPolicyOf, keysContentOf } from '../content.ts';
import type { Draft } from '../draft.ts';
import { jsonFile } from '../json-file.ts';
import type { ChangeOf } from './change.ts';
import { type Apply, requireRole, reviseRole } from './revise.ts';

const EPOCH_HOURS = 7 * 24;
const MARGIN_HOURS = 1;

/**
 * The next key of a region. Keys whose time is over leave the file with it.
 *
 * @throws SymbolonError `change-empty` when the key is published already, or none is due; `region-unknown`, `metadata-missing` when there is no
 * federation file; what the content checks throw
 */
export const addKey: Apply<ChangeOf<'add-key'>> = async (next, change, now) => {
  const { region, use, jwk } = change;
  requireRole(next, keysRoleOf(region));
  const policy = keyPolicyOf(next);
  if (policy === undefined) throw new SymbolonError('metadata-missing', { path: 'federation' });
  const { raw, keys } = keysContentOf(next, region) ?? emptyKeys(region);
  const kid = kidOf(jwk);
  const { window, retire } = planKey(keys, change, policy, now);
  // REQ-CER-008: whoever runs this again has not made two keys of one.
  if (window === undefined || keys.some((key) => key.kid === kid)) {
    throw new SymbolonError('change-empty', { path: keysRoleOf(region) });
  }
  const added = {
    kid,
    use,
    alg: algorithmOf(jwk).alg,
    jwk: { ...jwk },
    notBefore: formatInstant(window.notBefore),
    notAfter: formatInstant(window.notAfter),
  };
  const { issuing: _, ...rest } = raw;
  const kept = entriesOf(raw).filter((entry) => !retire.includes(String(entry['kid'])));
  return putKeys(next, region, { ...rest, keys: [...kept, added] }, now);
};

/** @throws SymbolonError `key-absent`, `region-unknown`; `change-empty` when it is revoked already */
export const revokeKey: Apply<ChangeOf<'revoke-key'>> = async (next, change, now) => {
  const { region, kid, since, reason, leaveNone = false } = change;
  requireRole(next, keysRoleOf(region));
  const { raw, keys } = keysContentOf(next, region) ?? emptyKeys(region);
  const found = keys.find((key) => key.kid === kid);
  // REQ-CER-013
  if (found === undefined) throw new SymbolonError('key-absent', { path: 'kid' });
  if (found.revoked !== undefined) throw new SymbolonError('change-empty', { path: keysRoleOf(region) });
  const revoked = { since: formatInstant(since), reason };
  const entries = entriesOf(raw).map((entry) => (entry['kid'] === kid ? { ...entry, revoked } : entry));
  return putKeys(next, region, { ...raw, ...(leaveNone && { issuing: 'stopped' }), keys: entries }, now);
};

interface Planned {
  readonly window: KeyWindow | undefined;
  readonly retire: readonly string[];
}

/** The window that the key gets; none when no key is due. */
function planKey(
  keys: KeysContent['keys'],
  { use, window, epochHours = EPOCH_HOURS, marginHours = MARGIN_HOURS }: ChangeOf<'add-key'>,
  policy: KeyPolicy,
  now: Instant,
): Planned {
  const signedBy = addHours(now, marginHours);
  const leadHours = Math.ceil((earliestStart(policy, signedBy) - now) / HOUR_SECONDS);
  const settings = { epochHours, leadHours, keepHours: keepHours({ blockAfterHours: policy.oldestHours }) };
  const { make, retire } = planEpochs(keys, use, now, settings);
  if (window !== undefined || !isLongLived(use)) return { window: window ?? make, retire };
  const coming = keys.some((key) => key.use === use && key.notBefore > now && key.revoked === undefined);
  const notBefore = instant(Math.ceil(earliestStart(policy, signedBy) / HOUR_SECONDS) * HOUR_SECONDS);
  return {
    window: coming ? undefined : { notBefore, notAfter: addHours(notBefore, LONG_KEY_HOURS) },
    retire,
  };
}

function emptyKeys(region: string): KeysContent {
  return { raw: { region, keys: [] }, keys: [], stopped: false };
}

function entriesOf(raw: JsonObject): readonly JsonObject[] {
  const keys = raw['keys'];
  return (Array.isArray(keys) ? keys : []).filter(isJsonObject);
}

function putKeys(next: Draft, region: string, content: JsonObject, now: Instant): Promise<Draft> {
  const put = new Map([[regionFile(region, 'keys.json'), jsonFile(content)]]);
  return reviseRole(next, { role: keysRoleOf(region), put }, now);
}
