import type { Command } from 'commander';
import { keyCreateCommand } from './key/create.ts';
import { keyShowCommand } from './key/show.ts';

/** `symbolon key create|show`: the keys of people, in sealed files or in a key service. */
export function keyCommand(program: Command): void {
  const key = program.command('key').summary('make a signing key, or look at one');
  keyCreateCommand(key);
  keyShowCommand(key);
}
