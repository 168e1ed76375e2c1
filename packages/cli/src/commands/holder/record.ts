import type { Command } from 'commander';
import { addRegionOptions, type RegionOptions } from '../../issuer/issuer-options.ts';
import { openRegion } from '../../issuer/open-region.ts';
import { print, printJson } from '../../output/terminal.ts';
import { OwnRecord, recordLines } from '../../wallet/own-record.ts';
import { addCodeOption, type CodeOptions, codeOf } from './code.ts';

interface Options extends CodeOptions, RegionOptions {}

/** `symbolon holder record` */
export function recordCommand(holder: Command): void {
  addRegionOptions(addCodeOption(holder.command('record')))
    .argument('<region>', 'the region that enrolled you, such as CN-BJ')
    .summary('what a region knows about you, who said so, and who has read it')
    .description(
      'Shows all that a region has about the holder of the code: facts with their sources, decisions, and what operators did, every reading among it with who, when and why.',
    )
    .addHelpText('after', '\nExample:\n  SYMBOLON_CODE=... symbolon holder record CN-BJ')
    .action(async (region: string, options: Options) => {
      const code = codeOf(options);
      const { ask } = await openRegion(region, options);
      const record = await ask(OwnRecord, '/record', {}, code);
      if (options.json) return printJson(record);
      for (const line of recordLines(record)) print(line);
    });
}
