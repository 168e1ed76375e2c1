import { performance } from 'node:perf_hooks';
import { runAudit } from '@symbolon/audit/audit';
import type { Verdict } from '@symbolon/audit/findings';
import { newAlarms } from '@symbolon/audit/monitor';
import { reportJson } from '@symbolon/audit/report-json';
import { reportPage } from '@symbolon/audit/report-page';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Command } from 'commander';
import { auditReceipt } from '../audit/audit-receipt.ts';
import { openPlaces } from '../audit/open-audit.ts';
import { auditProgress } from '../audit/progress.ts';
import { reportLines } from '../audit/report-text.ts';
import { systemNow } from '../clock.ts';
import { watchInterrupts } from '../dev/interrupts.ts';
import { EXIT } from '../exit-code.ts';
import { givenBy } from '../files/file-fault.ts';
import { MODE, replaceFile } from '../files/write-file.ts';
import { note, plain, print, printJson } from '../output/terminal.ts';
import { defaultTrustFolder } from '../trust/default-paths.ts';
import { UsageError } from '../usage-error.ts';
import { regionArgument } from './region-argument.ts';

interface Options {
  readonly trust: string;
  readonly root?: string;
  readonly logs?: string;
  readonly state?: string;
  readonly region?: readonly string[];
  readonly receipt?: string;
  readonly html?: string;
  readonly monitor?: true;
  readonly json?: true;
}

const EXITS: Readonly<Record<Verdict, number>> = {
  ok: EXIT.accepted,
  failed: EXIT.refused,
  warning: EXIT.referred,
  unchecked: EXIT.referred,
};

/** `symbolon audit` */
export function auditCommand(audit: Command, setExitCode: (code: number) => void): void {
  audit
    .argument('[address]', 'where the registry is: https:// or a folder; that of "trust init" when left out')
    .description(
      "Audits a federation from outside: the log of its registry's publications and the logs of its regions' decisions. Only what is new since the last audit is fetched; " +
        'every hash, signature and cosignature is checked, and every decision by the rules, offices and people that the registry had published at the time.',
    )
    .option('--trust <folder>', 'the trust folder: it has the pinned root', defaultTrustFolder())
    .option('--root <file>', 'the pinned root, instead of that of the trust folder')
    .option('--logs <folder>', 'read copies of the logs in FOLDER/ORIGIN/, instead of their URLs')
    .option('--state <folder>', 'what this auditor remembers (else in "audit" beside the trust folder)')
    .option('--region <id...>', 'only the logs of these regions', collectRegion)
    .option(
      '--receipt <file>',
      'check one decision by its receipt; with an address also that the log of today still has it',
    )
    .option('--html <file>', 'write the report as one HTML file, with charts')
    .option('--monitor', 'for cron: nothing when all is well, a line for each new alarm')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      `
Exit codes: 0 all is well; 1 something is not; 2 something calls for a closer look, or could not be checked; 130 interrupted (run it again to go on).

Examples:
  symbolon audit https://registry.example/ --html report.html
  symbolon audit --monitor
  symbolon audit --receipt red.tlog-proof`,
    )
    .action(async (address: string | undefined, options: Options) => {
      setExitCode(await run(address, options));
    });
}

function collectRegion(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), regionArgument(value)];
}

function regionFault(error: unknown): never {
  if (isSymbolonError(error) && error.code === 'region-unknown')
    throw new UsageError('The registry has no region of this name: see --region.');
  throw error;
}

async function run(address: string | undefined, options: Options): Promise<number> {
  const { receipt, html, monitor, json, region, ...rest } = options;
  const { interrupted, isInterrupted } = watchInterrupts({ secondEnds: true });
  const stop = new AbortController();
  void interrupted.then(() => stop.abort());
  const places = { ...rest, address };
  if (receipt !== undefined) {
    if (html !== undefined || monitor || region !== undefined)
      throw new UsageError(
        'A receipt is checked by itself: --receipt goes with --json, --trust and an address.',
      );
    return auditReceipt(receipt, places, json === true, stop.signal);
  }
  if (monitor && json)
    throw new UsageError('--monitor tells what is new, --json all there is: give one of them.');
  const clock = () => performance.now();
  const progress = auditProgress(clock);
  const opened = await openPlaces(places, stop.signal);
  const report = await runAudit({
    ...opened,
    regions: region,
    now: systemNow(),
    isStopped: isInterrupted,
    onProgress: monitor ? () => undefined : progress.update,
    clock,
  })
    .catch(regionFault)
    .finally(progress.clear);
  if (isInterrupted()) {
    note('Interrupted: what was read is kept. Run the same command again to go on.');
    return EXIT.interrupted;
  }
  if (html !== undefined) await givenBy('--html', () => replaceFile(html, reportPage(report), MODE.open));
  if (json) printJson(reportJson(report));
  else if (monitor) {
    const { lines, told } = newAlarms(await opened.state.told(), report);
    for (const line of lines) print(plain(line));
    await opened.state.keepTold(told);
  } else for (const line of reportLines(report)) print(line);
  return EXITS[report.verdict];
}
