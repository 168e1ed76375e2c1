import type { Command } from 'commander';
import { givenBy } from '../../files/file-fault.ts';
import { createFile, MODE } from '../../files/write-file.ts';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { reasonOption, subjectOption } from '../../issuer/option-values.ts';
import { shellWord } from '../../output/shell-word.ts';
import { note, printJson } from '../../output/terminal.ts';
import { regionArgument } from '../region-argument.ts';

interface Options extends IssuerOptions {
  readonly from: string;
  readonly into: string;
  readonly reason: string;
  readonly out: string;
}

/** `symbolon issuer approve-merge` */
export function approveMergeCommand(parent: Command): void {
  addIssuerOptions(parent.command('approve-merge'))
    .argument('<region>', 'the region', regionArgument)
    .summary('sign a merge as the second operator')
    .description(
      'Writes a statement, signed with your key, that two subjects are one person. A merge takes it where one of the two has an adverse status that the other has not. ' +
        'Nothing is sent: whoever merges sends it along, within a day. Role: approve.',
    )
    .requiredOption('--from <subject>', 'the one that ends', subjectOption)
    .requiredOption('--into <subject>', 'the one that stays', subjectOption)
    .requiredOption('--reason <words>', 'why; it is signed', reasonOption)
    .requiredOption('--out <file>', 'where to write the statement')
    .addHelpText(
      'after',
      '\nExample:\n  symbolon issuer approve-merge CN-BJ --from QeLckoKnU43Cc5OJMjNAqw --into 6Vw0Yxq1v0c9k1m3y2b7dA \\\n' +
        '    --reason "both documents seen" --key li.jwe --out li.merge',
    )
    .action(async (region: string, options: Options) => {
      const { from, into, reason, out } = options;
      const desk = await openDesk(region, options);
      const { authority } = desk;
      const statement = await desk.sign('mergeApproval', { authority, from, into, reason });
      await givenBy('--out', () => createFile(out, `${statement}\n`, MODE.open));
      if (options.json) return printJson({ file: out });
      note(`Signed, in ${shellWord(out)}. Whoever merges adds: --approval ${shellWord(out)}`);
    });
}
