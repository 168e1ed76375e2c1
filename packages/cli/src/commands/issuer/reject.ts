import type { Command } from 'commander';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { digestOption, reasonOption } from '../../issuer/option-values.ts';
import { settleProposal } from '../../issuer/settle-proposal.ts';
import { print, printJson } from '../../output/terminal.ts';
import { regionArgument } from '../region-argument.ts';

interface Options extends IssuerOptions {
  readonly reason: string;
}

/** `symbolon issuer reject` */
export function rejectCommand(parent: Command): void {
  addIssuerOptions(parent.command('reject'))
    .argument('<region>', 'the region', regionArgument)
    .argument('<proposal>', 'its id: see "proposals"', digestOption)
    .summary('turn a proposal down, as the second operator')
    .description(
      'Signs that a proposal is rejected, and sends that. Nothing changes for the person. Role: approve.',
    )
    .requiredOption('--reason <words>', 'why; it is signed and kept', reasonOption)
    .addHelpText(
      'after',
      '\nExample:\n  symbolon issuer reject CN-BJ TQy6p... --reason "another person of that name" --key li.jwe',
    )
    .action(async (region: string, id: string, options: Options) => {
      const desk = await openDesk(region, options);
      const settled = await settleProposal(desk, id, 'reject', options.reason);
      if (options.json) return printJson(settled);
      print('The proposal is rejected.');
    });
}
