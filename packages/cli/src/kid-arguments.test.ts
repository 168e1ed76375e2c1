import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { withKidAsArgument } from './kid-arguments.ts';

const program = new Command();
const registry = program.command('registry');
registry
  .command('revoke-key')
  .argument('<region>')
  .argument('<kid>')
  .option('--since <instant>')
  .option('--event <folder>')
  .option('--threshold <n>')
  .option('--dry-run');
registry.command('sign').argument('<event>');
const issuer = program.command('issuer');
issuer.command('facts').argument('<region>').argument('<subject>').option('--reason <words>');
issuer.command('approve').argument('<region>').argument('<proposal>').option('--yes');

const KID = '-aBcDeFgHiI';
const SUBJECT = '-eLckoKnU43Cc5OJMjNAqw';
const PROPOSAL = '-wU8VrQ8KqPq0o5d2bC0k5g8uH1cVJ0Sx0gq6F0iG1c';
const taken = (text: string) => withKidAsArgument(program, text.split(' ')).join(' ');

describe('a kid, or another id, that begins with "-"', () => {
  it.each([
    [
      `registry revoke-key CN-BJ ${KID} --since X --dry-run`,
      `registry revoke-key CN-BJ --since X --dry-run -- ${KID}`,
    ],
    [
      `registry revoke-key --dry-run CN-BJ ${KID} --threshold 2`,
      `registry revoke-key --dry-run CN-BJ --threshold 2 -- ${KID}`,
    ],
    ['registry revoke-key CN-BJ ---BcDeFgHI', 'registry revoke-key CN-BJ -- ---BcDeFgHI'],
    [`issuer facts CN-BJ ${SUBJECT} --reason x`, `issuer facts CN-BJ --reason x -- ${SUBJECT}`],
    [`issuer approve CN-BJ ${PROPOSAL} --yes`, `issuer approve CN-BJ --yes -- ${PROPOSAL}`],
  ])('is an argument: %s', (typed, expected) => expect(taken(typed)).toBe(expected));

  it.each([
    ['as it is said to be one', `registry revoke-key CN-BJ -- ${KID}`],
    ['when it is the value of an option', `registry revoke-key CN-BJ aaaaaaaaaaa --event ${KID}`],
    ['when no kid is asked for', `registry sign ${KID}`],
    ['as an option of eleven characters', 'registry revoke-key CN-BJ aaaaaaaaaaA --threshold 2'],
  ])('stays where it is %s', (_, typed) => expect(taken(typed)).toBe(typed));
});
