import { isKid } from '@symbolon/protocol/ids';
import { own } from '@symbolon/protocol/own';
import type { Command } from 'commander';

/** Arguments in base64url, by their names, and whether a word is one. */
const FORMS: Readonly<Record<string, (word: string) => boolean>> = {
  kid: isKid,
  subject: (word) => /^[A-Za-z0-9_-]{22}$/.test(word),
  proposal: (word) => /^[A-Za-z0-9_-]{43}$/.test(word),
};

/**
 * One kid in 64 begins with `-`, and would be taken for an option; so does the id of a subject or a proposal. Where a command's last argument is one, such a
 * word is put behind `--`, at the end; all else stays as it is.
 */
export function withKidAsArgument(program: Command, argv: readonly string[]): readonly string[] {
  const command = commandOf(program, argv);
  const isOne = own(FORMS, command.registeredArguments.at(-1)?.name() ?? '');
  if (isOne === undefined || argv.includes('--')) return argv;
  const optionOf = (word: string | undefined) => command.options.find(({ long }) => long === word);
  const isValue = (index: number) => {
    const before = optionOf(argv[index - 1]);
    return before?.required === true || before?.optional === true;
  };
  const at = argv.findIndex(
    (word, index) => word.startsWith('-') && isOne(word) && optionOf(word) === undefined && !isValue(index),
  );
  return at < 0 ? argv : [...argv.slice(0, at), ...argv.slice(at + 1), '--', argv[at] ?? ''];
}

/** The innermost command that these words name. */
function commandOf(program: Command, argv: readonly string[]): Command {
  let command = program;
  for (const word of argv) {
    const inner = command.commands.find((each) => each.name() === word);
    if (inner === undefined) return command;
    command = inner;
  }
  return command;
}
