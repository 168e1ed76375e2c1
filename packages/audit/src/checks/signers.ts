import { parentRegion } from '@symbolon/protocol/ids';
import type { History } from '@symbolon/registry/history/read-history';
import type { Findings } from '../findings.ts';
import { isAfterGap, type PastRegistry } from '../registry/past.ts';
import { regionOfRoleName } from './role-names.ts';

/**
 * Who signed what was published: as many as had to, by the keys of that time; and in a region's roles as many of them by keys that had been in the role for the lead of the
 * federation (REQ-LOG-018), where the role was there before.
 */
export function checkSigners({ entries, end }: History, past: PastRegistry, findings: Findings): void {
  const since = roleKeysSince(past);
  for (const { version, at, roles, isWhole } of entries) {
    if (!isWhole) findings.add('signers', 'warning', 'metadata-malformed', `version ${version}`);
    for (const { role, signers, threshold } of roles) {
      const place = `version ${version}, ${role}`;
      if (threshold === 0) {
        findings.add('signers', 'unchecked', undefined, place);
        continue;
      }
      // REQ-REG-004
      if (new Set(signers.map(({ keyid }) => keyid)).size < threshold) {
        findings.add('signers', 'failed', 'metadata-signatures', place);
        continue;
      }
      if (at === undefined || regionOfRoleName(role) === undefined) continue;
      const old = signers.filter(({ keyid }) => {
        const from = since.get(`${role} ${keyid}`);
        return from === undefined || from <= at;
      });
      if (old.length < threshold) findings.add('leads', 'failed', 'role-without-lead', place);
    }
  }
  if (end !== 'first')
    findings.add('signers', 'unchecked', undefined, 'publications before those that are known');
}

/** From when on each key counts for its role. Of a role's first keys, and of those that were there before all that is known, nothing. */
function roleKeysSince({ publications }: PastRegistry): ReadonlyMap<string, number> {
  const since = new Map<string, number>();
  const seen = new Set<string>();
  let before = new Set<string>();
  for (const [i, { at, federation, roleKeys }] of publications.entries()) {
    const lead = federation.freshness.referAfterHours * 3600;
    const here = new Set<string>();
    for (const [role, keyids] of roleKeys) {
      const region = regionOfRoleName(role);
      const delegator = region === undefined ? undefined : parentRegion(region);
      for (const keyid of keyids) {
        const key = `${role} ${keyid}`;
        // One that was taken out and comes back is new.
        if (seen.has(role) && !before.has(key) && !isAfterGap(publications, i, delegator))
          since.set(key, at + lead);
        here.add(key);
      }
    }
    for (const role of roleKeys.keys()) seen.add(role);
    before = here;
  }
  return since;
}
