import { isSymbolonError } from '@symbolon/protocol/errors';
import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import { examineRegistry } from '@symbolon/registry/doctor/examine-registry';
import { type DoctorFinding, inOrder } from '@symbolon/registry/doctor/finding';
import { loadFromAnchor } from '@symbolon/registry/open-registry';
import type { ReadFile } from '@symbolon/registry/source';
import type { Command } from 'commander';
import { ceremonyNow } from '../../clock.ts';
import { examineLog } from '../../doctor/examine-log.ts';
import { observeRegions } from '../../doctor/observe-regions.ts';
import { EXIT } from '../../exit-code.ts';
import { findingLines } from '../../output/doctor-text.ts';
import { countLine, print, printJson } from '../../output/terminal.ts';
import { addRegistryOptions, openPlace, type RegistryOptions } from '../../registry/registry-options.ts';

interface Options extends RegistryOptions {
  readonly offline?: boolean;
  readonly json?: boolean;
}

/** `symbolon registry doctor`: what ends, is missing or disagrees, for people and for cron. */
export function doctorCommand(parent: Command, setExitCode: (code: number) => void): void {
  addRegistryOptions(parent.command('doctor'))
    .summary('what ends soon, is missing or disagrees')
    .description(
      'Looks at the published registry and, unless --offline, at its log and at the services that the regions named in it. Changes nothing.',
    )
    .option('--offline', 'look at the registry only, and ask no region')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      `
Exit code: 0 all is well, 2 there are warnings, 1 there are failures; others: it could not look.

Example (for cron: mail on anything but 0):
  out=$(symbolon registry doctor --registry https://registry.example --root root.json) || echo "$out" | mail -s doctor admins`,
    )
    .action(async (options: Options) => {
      const now = ceremonyNow();
      const { read, pinnedRoot } = await openPlace(options);
      const findings = await examine(read, pinnedRoot, now, options.offline === true);
      if (options.json) printJson(asJson(findings));
      else for (const line of findingLines(findings, now)) print(line);
      setExitCode(exitCodeOf(findings));
    });
}

async function examine(
  read: ReadFile,
  pinnedRoot: Uint8Array<ArrayBuffer>,
  now: Instant,
  offline: boolean,
): Promise<readonly DoctorFinding[]> {
  try {
    const loaded = await loadFromAnchor({ read, pinnedRoot, now, expiry: 'offline' });
    const findings = examineRegistry(loaded, now);
    if (offline) return findings;
    const progress = countLine('asking the regions');
    const observed = await observeRegions(loaded.view, now, progress.update).finally(progress.done);
    const logged = await examineLog(loaded.view, read, now);
    return inOrder([...findings, ...observed, ...logged]);
  } catch (error) {
    if (!isSymbolonError(error) || COULD_NOT_LOOK.includes(error.code)) throw error;
    // What a client would refuse as a whole.
    return [{ code: error.code, severity: 'fail', place: 'registry' }];
  }
}

/** The fault may lie here, and not in the registry. */
const COULD_NOT_LOOK: readonly string[] = ['metadata-unreachable', 'storage-failed', 'root-mismatch'];

function exitCodeOf(findings: readonly DoctorFinding[]): number {
  if (findings.length === 0) return EXIT.accepted;
  return findings.some(({ severity }) => severity === 'fail') ? EXIT.refused : EXIT.referred;
}

function asJson(findings: readonly DoctorFinding[]) {
  return {
    findings: findings.map(({ at, ...finding }) => ({
      ...finding,
      ...(at !== undefined && { at: formatInstant(at) }),
    })),
  };
}
