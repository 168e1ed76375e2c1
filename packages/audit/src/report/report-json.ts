import { requirementOf } from '@symbolon/protocol/codes';
import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { AuditReport, CheckResult, LogReport } from './report.ts';

/** A report for machines: docs/guides/auditor.md has its members. What is added later does not change what is there. */
export function reportJson({ at, verdict, registry, logs, witnesses, federation }: AuditReport) {
  return {
    symbolonAuditReport: 1,
    at: formatInstant(at),
    verdict,
    federation,
    witnesses: witnesses ?? null,
    registry: {
      version: registry.version,
      signedAt: formatInstant(registry.signedAt),
      checks: registry.checks.map(checkJson),
      publications: registry.publications.map(({ version, at: published, title, roles }) => ({
        version,
        at: orNull(published),
        title: title ?? null,
        roles,
      })),
    },
    logs: logs.map(logJson),
  };
}

function logJson(log: LogReport) {
  const { origin, kind, regions, size, root, read, witnessedAt, witnessedSize, cosigned, checks, evidence } =
    log;
  return {
    origin,
    kind,
    regions,
    size: size ?? null,
    root: root ?? null,
    read,
    witnessedAt: orNull(witnessedAt),
    witnessedSize: witnessedSize ?? null,
    cosigned: Object.fromEntries(cosigned.map(([name, at]) => [name, formatInstant(at)])),
    checks: checks.map(checkJson),
    evidence,
    decisions: log.decisions.map(({ isWorse, at, ...each }) => ({
      ...each,
      at: formatInstant(at),
      worse: isWorse,
    })),
    bursts: log.bursts.map(({ heldAt, settledAt, ...each }) => ({
      ...each,
      heldAt: formatInstant(heldAt),
      settledAt: orNull(settledAt),
    })),
    unusual: log.unusual.map(({ day, ...each }) => ({
      ...each,
      day: new Date(day * 1000).toISOString().slice(0, 10),
    })),
  };
}

function checkJson({ check, verdict, findings }: CheckResult) {
  return {
    check,
    verdict,
    findings: findings.map(({ verdict: of, code, count, places }) => ({
      verdict: of,
      code: code ?? null,
      requirement: code === undefined ? null : requirementOf(code),
      count,
      places,
    })),
  };
}

function orNull(at: Instant | undefined): string | null {
  return at === undefined ? null : formatInstant(at);
}
