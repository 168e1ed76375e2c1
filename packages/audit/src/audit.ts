import type { ReadLogFile } from '@symbolon/log/tile-reader';
import type { Bytes } from '@symbolon/protocol/bytes';
import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { LogPlace } from '@symbolon/protocol/schemas/log';
import type { ClientState } from '@symbolon/registry/client-state';
import { type History, readHistory } from '@symbolon/registry/history/read-history';
import { loadFromAnchor } from '@symbolon/registry/open-registry';
import type { ReadFile } from '@symbolon/registry/source';
import type { SnapshotTrust } from '@symbolon/registry/trusted-set';
import { auditDecisions, auditPublications } from './audit-content.ts';
import { type AuditRun, readLog } from './audit-log.ts';
import { checkHidden } from './checks/hidden.ts';
import { checkLeads } from './checks/leads.ts';
import { placeOf, regionLogs } from './checks/log-places.ts';
import { checkSigners } from './checks/signers.ts';
import { collectFindings, worst } from './findings.ts';
import { PUBLICATIONS } from './registry/brought.ts';
import { knownRules } from './registry/past-rules.ts';
import { readPast } from './registry/read-past.ts';
import { type AuditReport, allResults, type LogReport, resultsOf } from './report/report.ts';

export interface Audit extends AuditRun {
  readonly registry: ReadFile;
  readonly pinnedRoot: Bytes;
  readonly clientState: ClientState | undefined;
  readonly keepClientState: (state: ClientState) => Promise<void>;
  /** How the files of a log are read. */
  readonly logAt: (place: LogPlace) => ReadLogFile;
  /** Regions whose logs are looked at; nothing for all. */
  readonly regions: readonly string[] | undefined;
}

/**
 * Audits a registry, its log, and the logs of its regions: reads what is new, keeps how far it came, and judges all that is known by what the registry said at the time.
 *
 * @throws SymbolonError `no-trust-anchor`, `metadata-...`, `role-overreach` when the registry itself is not to be believed; `region-unknown` when it
 * has none of a name in `regions`; `audit-state-malformed`
 */
export async function runAudit(audit: Audit): Promise<AuditReport> {
  const { registry: read, pinnedRoot, clientState, now, logAt } = audit;
  const state = clientState;
  const {
    trust,
    view,
    state: next,
  } = await loadFromAnchor({ read, pinnedRoot, state, now, expiry: 'offline' });
  await audit.keepClientState(next);
  const { federation } = view;
  const unknown = audit.regions?.find(
    (id) => !(Object.hasOwn(view.regions, id) || Object.hasOwn(view.malformedRegions, id)),
  );
  if (unknown !== undefined) throw new SymbolonError('region-unknown', { path: 'regions' });
  const wanted = Object.keys(view.regions).filter((id) => audit.regions?.includes(id) ?? true);
  const logOf = (id: string) => view.regions[id]?.region.log;
  const logs = regionLogs(wanted, logOf);

  const past = await readPast(read, trust);
  const history = await historyOf(read, trust);
  const rules = knownRules(past);
  const ofRegistry = collectFindings();
  if (typeof history === 'string')
    ofRegistry.add('signers', 'unchecked', undefined, `the history cannot be read: ${history}`);
  else checkSigners(history, past, ofRegistry);
  checkLeads(past, rules, ofRegistry);
  // Who asks for a region by name is not told that all is well where nothing was looked at.
  const logless = audit.regions === undefined ? [] : wanted.filter((id) => placeOf(id, logOf) === undefined);
  for (const id of logless) ofRegistry.add('regions', 'unchecked', undefined, `${id} names no log`);
  checkHidden(
    view,
    past,
    logs.map(({ place }) => place.origin),
    audit.regions,
    ofRegistry,
  );
  for (const version of past.unreadable)
    ofRegistry.add('leads', 'unchecked', undefined, `version ${version} cannot be read`);
  for (const { version, damaged } of past.publications)
    for (const id of damaged)
      ofRegistry.add('leads', 'unchecked', undefined, `version ${version}, ${id} cannot be read`);
  if (!past.isWhole)
    ofRegistry.add('leads', 'unchecked', undefined, 'publications before those that are known');

  const reports: LogReport[] = [];
  if (federation.log === undefined)
    ofRegistry.add('publications', 'unchecked', undefined, 'the federation names no log of its registry');
  else if (!audit.isStopped()) {
    const log = await readLog(audit, federation.log, logAt(federation.log), federation);
    reports.push(await auditPublications(log, past, read, trust));
  }
  for (const { place, regions } of logs) {
    if (audit.isStopped()) break;
    const log = await readLog(audit, place, logAt(place), federation);
    reports.push(auditDecisions(log, regions, past, rules, now));
  }
  const ran = ['regions', 'signers', 'leads'] as const;
  const checks = resultsOf(
    federation.log === undefined ? [...ran, 'publications'] : ran,
    ofRegistry.all(),
    ran,
  );
  const report: AuditReport = {
    at: now,
    verdict: 'ok',
    federation: federation.names,
    registry: {
      version: view.version,
      signedAt: view.signedAt,
      checks,
      publications: (typeof history === 'string' ? [] : history.entries).map(
        ({ version, at, title, roles }) => ({
          version,
          at,
          title,
          roles: roles.map(({ role, version: of, threshold, signers }) => ({
            role,
            version: of,
            threshold,
            signed: signers.map(({ kid }) => kid),
          })),
        }),
      ),
    },
    logs: reports,
    witnesses: federation.witnesses && {
      threshold: federation.witnesses.threshold,
      of: federation.witnesses.of.map(({ name }) => name),
    },
  };
  return { ...report, verdict: worst(allResults(report).map(({ verdict }) => verdict)) };
}

/** @returns why it cannot be read, where a file of it is gone or damaged */
async function historyOf(read: ReadFile, trust: SnapshotTrust): Promise<History | Code> {
  try {
    return await readHistory(read, trust, { limit: PUBLICATIONS });
  } catch (error) {
    if (!isSymbolonError(error) || error.code === 'metadata-unreachable') throw error;
    return error.code;
  }
}
