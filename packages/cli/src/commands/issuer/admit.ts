import type { Command } from 'commander';
import * as z from 'zod/mini';
import { EXIT } from '../../exit-code.ts';
import { noteGuarded } from '../../issuer/burst-text.ts';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { digestOption, reasonOption } from '../../issuer/option-values.ts';
import { howMany } from '../../output/how-many.ts';
import { plain, print, printJson } from '../../output/terminal.ts';
import { nameOption, regionArgument } from '../region-argument.ts';

const Answer = z.object({
  source: z.string(),
  id: z.string(),
  state: z.string(),
  added: z.int(),
  /** Ids of the bursts by which the guard holds what followed. */
  held: z.optional(z.array(z.string())),
});

interface Options extends IssuerOptions {
  readonly source: string;
  readonly batch: string;
  readonly digest: string;
  readonly refuse?: boolean;
  readonly reason: string;
}

/** `symbolon issuer admit` */
export function admitCommand(parent: Command, setExitCode: (code: number) => void): void {
  addIssuerOptions(parent.command('admit'))
    .argument('<region>', 'the region', regionArgument)
    .summary('let in a batch of facts that waits, or refuse it')
    .description(
      'Signs that a waiting batch is let in, or refused, and sends that. Whoever sent the batch in cannot do it. Run it again when it breaks off. Role: approve.',
    )
    .requiredOption('--source <name>', 'whose batch', nameOption)
    .requiredOption('--batch <id>', 'its id: see "held"')
    .requiredOption('--digest <digest>', 'what it says: see "held"', digestOption)
    .option('--refuse', 'refuse it, in place of letting it in')
    .requiredOption('--reason <words>', 'why; it is signed and kept', reasonOption)
    .addHelpText(
      'after',
      `
Exit code: 0 settled, 2 the facts are in, and the burst guard holds decisions that follow from them ("bursts").

Example:
  symbolon issuer admit CN-BJ --source lab --batch 2d1UnSkRSdGbYHnAl4T0Bw --digest mdPAz... --reason "the outbreak in Xinfadi, confirmed by the laboratory"`,
    )
    .action(async (region: string, options: Options) => {
      const { source, batch, digest, refuse = false, reason } = options;
      const desk = await openDesk(region, options);
      const verdict = refuse ? 'refuse' : 'admit';
      const approval = await desk.sign('intakeApproval', { source, batch, digest, verdict, reason });
      const settled = await desk.post(Answer, '/facts/settle', { approval }, 'approve');
      const { held = [] } = settled;
      if (held.length > 0) setExitCode(EXIT.referred);
      if (options.json) return printJson({ ...settled, held });
      print(
        plain(
          refuse
            ? `Batch ${settled.id} of ${settled.source} is refused.`
            : `Batch ${settled.id} of ${settled.source} is in: ${howMany(settled.added, 'new fact')}.`,
        ),
      );
      noteGuarded(region, held);
    });
}
