import { type AuditCost, auditedLog, HOURS } from './audited-log.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

export const SIZES = { small: 100_000, large: 1_000_000, fresh: 1_000 } as const;

export interface SizedCost extends AuditCost {
  readonly size: number;
}

/** First audits of one log as it grows to each of these sizes, and the next audit after a thousand leaves more. @param sizes increasing */
export function measureAudit(
  sizes: readonly number[],
  progress: (size: number, done: number, all: number) => void,
): Promise<{ readonly costs: readonly SizedCost[]; readonly incremental: AuditCost }> {
  return inTemporaryFolder(async (folder) => {
    const log = await auditedLog(folder);
    const costs: SizedCost[] = [];
    let before = 0;
    for (const [i, size] of sizes.entries()) {
      progress(size, i, sizes.length);
      await log.grow(size - before, HOURS);
      before = size;
      const cost = await log.audit(`state-${size}`);
      if (cost.read !== size) throw new Error('audit: the work was not done as it must be.');
      costs.push({ ...cost, size });
    }
    await log.grow(SIZES.fresh, 1);
    const incremental = await log.audit(`state-${before}`);
    if (incremental.read !== SIZES.fresh) throw new Error('audit: the work was not done as it must be.');
    return { costs, incremental };
  });
}
