import type { Command } from 'commander';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { digestOption, reasonOption } from '../../issuer/option-values.ts';
import { proposalJson, proposalLines, viewProposal, withdrawLine } from '../../issuer/proposal-view.ts';
import { note, print, printJson } from '../../output/terminal.ts';
import { regionArgument } from '../region-argument.ts';

interface Options extends IssuerOptions {
  readonly reason: string;
}

/** `symbolon issuer review` */
export function reviewCommand(parent: Command): void {
  addIssuerOptions(parent.command('review'))
    .argument('<region>', 'the region', regionArgument)
    .argument('<proposal>', 'its id: see "proposals"', digestOption)
    .summary('look at a proposal, which leaves an entry')
    .description(
      'Shows what is proposed of whom, with the words and the evidence class of the rule as the registry has them. It tells about a person, so the reading is in their ' +
        'record. Role: approve.',
    )
    .requiredOption('--reason <words>', 'why you look; the person reads it', reasonOption)
    .addHelpText(
      'after',
      '\nExample:\n  symbolon issuer review CN-BJ TQy6p... --reason "second operator on duty"',
    )
    .action(async (region: string, id: string, options: Options) => {
      const desk = await openDesk(region, options);
      const seen = await viewProposal(desk, id, options.reason);
      if (options.json) return printJson(proposalJson(seen));
      for (const line of proposalLines(seen, desk)) print(line);
      if (seen.proposal.sequence !== undefined) note(withdrawLine(region, seen.proposal));
      note("This reading is in the person's record.");
    });
}
