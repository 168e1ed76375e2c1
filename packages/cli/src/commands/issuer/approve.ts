import { formatInstant } from '@symbolon/protocol/instant';
import type { Command } from 'commander';
import { EXIT } from '../../exit-code.ts';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { digestOption, reasonOption } from '../../issuer/option-values.ts';
import { proposalLines, viewProposal, withdrawLine } from '../../issuer/proposal-view.ts';
import { settleProposal } from '../../issuer/settle-proposal.ts';
import { confirm } from '../../output/ask-line.ts';
import { note, plain, print, printJson } from '../../output/terminal.ts';
import { UsageError } from '../../usage-error.ts';
import { regionArgument } from '../region-argument.ts';

interface Options extends IssuerOptions {
  readonly reason: string;
  readonly yes?: boolean;
}

/** `symbolon issuer approve` */
export function approveCommand(parent: Command, setExitCode: (code: number) => void): void {
  addIssuerOptions(parent.command('approve'))
    .argument('<region>', 'the region', regionArgument)
    .argument('<proposal>', 'its id: see "proposals"', digestOption)
    .summary('sign a proposal as the second operator')
    .description(
      'Shows the proposal (which leaves an entry, as "review" does), asks, signs it and sends that: it is a decision then. Whoever proposed it cannot. Run it again when ' +
        'it breaks off. Role: approve.',
    )
    .requiredOption('--reason <words>', 'why; it is signed and kept, and the person reads it', reasonOption)
    .option('--yes', 'do not ask: you have looked at it')
    .addHelpText(
      'after',
      `
Exit code: 0 decided, 1 you said no, 2 the burst guard holds it: two overseers must release it first.

Example:
  symbolon issuer approve CN-BJ TQy6p... --reason "interview and seating plan agree" --key li.jwe`,
    )
    .action(async (region: string, id: string, options: Options) => {
      if (!options.yes && !process.stdin.isTTY)
        throw new UsageError(
          'There is no terminal to ask on: look with "symbolon issuer review", and add --yes.',
        );
      const desk = await openDesk(region, options);
      const seen = await viewProposal(desk, id, options.reason);
      if (!options.json) for (const line of proposalLines(seen, desk)) print(line);
      if (!options.yes && !(await confirm('\nIs this so, and do you sign it?'))) {
        note('Nothing was signed.');
        return setExitCode(EXIT.refused);
      }
      const settled = await settleProposal(desk, id, 'approve', options.reason);
      if (settled.held !== null) setExitCode(EXIT.referred);
      if (options.json) return printJson(settled);
      const { claims } = seen.proposal;
      const { held, level, sequence, waitsUntil } = settled;
      if (held !== null)
        return print(
          plain(`Approved, and held by the burst guard (${held}): see "symbolon issuer bursts ${region}".`),
        );
      if (waitsUntil !== undefined && waitsUntil !== null)
        return print(
          `Approved. It is decided at ${formatInstant(waitsUntil)}, unless a burst begins before then or it is withdrawn.`,
        );
      // The proposal made no decision: the one that stands is stricter.
      if (typeof sequence !== 'number')
        return print(
          plain(`Approved. ${claims.scheme} stays ${level ?? 'without a level'}, which is stricter.`),
        );
      print(plain(`Decided: ${claims.scheme} ${level ?? seen.rule.level}, decision number ${sequence}.`));
      note(withdrawLine(region, { claims, sequence }));
    });
}
