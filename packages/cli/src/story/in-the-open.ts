import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { runAudit } from '@symbolon/audit/audit';
import { logOfRegion } from '@symbolon/audit/log-of-region';
import type { AuditReport } from '@symbolon/audit/report';
import { checkReceipt } from '@symbolon/log/receipt';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { openPlaces } from '../audit/open-audit.ts';
import { systemNow } from '../clock.ts';
import { howMany } from '../output/how-many.ts';
import { receiptLines } from '../output/receipt-text.ts';
import { pullAgain } from './gate.ts';
import type { Stage } from './stage.ts';

const HENAN = 'CN-HA';

/**
 * The person who was red by mistake holds a receipt of it, and an auditor whom nobody appointed reads every log over HTTP.
 *
 * @param receipt of the red decision
 */
export async function inTheOpen(stage: Stage, receipt: string | undefined): Promise<void> {
  const { network, folder, tell, print } = stage;
  tell.chapter('10. In the open: every decision is in a public log, and the person can prove theirs');
  const { registry } = await pullAgain(network, folder);
  const trust = logOfRegion(registry, HENAN);
  if (trust === undefined || receipt === undefined)
    return tell.check('Henan logs its decisions, and the wallet has a receipt', false);
  const checked = await checkReceipt(receipt, trust, true);
  tell.check('the receipt of the red decision, which came with the batch', checked.leaf.level === 'red');
  for (const line of receiptLines(checked, trust)) print(`    ${line}`);
  const forged = receipt.replace(/^index \d+$/m, `index ${checked.index + 1}`);
  const fault = await checkReceipt(forged, trust, true).catch((error: unknown) => error);
  tell.check(
    'the same for another place in the log: it proves nothing',
    isSymbolonError(fault) && fault.code === 'inclusion-invalid',
  );
  await network.logNow();
  const report = await audit(stage);
  const leaves = report.logs.reduce((sum, { size }) => sum + (size ?? 0), 0);
  tell.check(
    `an audit from outside: ${howMany(leaves, 'leaf', 'leaves')} in ${report.logs.length} logs, every hash, signature and rule checked: ${report.verdict}`,
    report.verdict === 'ok',
  );
}

/** As anyone would: from the pinned root and the registry's address, with no state of an earlier audit. */
async function audit({ network }: Stage): Promise<AuditReport> {
  const folder = await mkdtemp(join(tmpdir(), 'symbolon-audit-'));
  try {
    const root = network.root.path;
    const places = { address: network.registryUrl, trust: join(folder, 'trust'), root, state: folder };
    const opened = await openPlaces(places, new AbortController().signal);
    return await runAudit({
      ...opened,
      regions: undefined,
      now: systemNow(),
      isStopped: () => false,
      onProgress: () => undefined,
      clock: () => performance.now(),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}
