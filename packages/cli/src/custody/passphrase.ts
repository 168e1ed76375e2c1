import { readSecretFile } from '@symbolon/local/files/secret-file';
import { note } from '../output/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { askSecret, secretTerminal } from './ask-secret.ts';

/** Shorter ones can be guessed by someone who has the file. */
const LONG_ENOUGH = 12;

const NO_TERMINAL =
  'There is no terminal to ask for the passphrase on: give --passphrase-file FILE, a file that only you can read.';

/**
 * Where passphrases come from: a file that only its owner can read, or the terminal. Never an argument or an environment variable, which
 * others on the machine can see.
 */
export interface Passphrases {
  /** For the key file of this name. @throws UsageError, SymbolonError `key-file-exposed`, Interrupted */
  of(keyFile: string): Promise<string>;
}

/** One file for all keys, or none: then each is asked for. */
export function passphrases(file: string | undefined): Passphrases {
  return { of: (keyFile) => (file === undefined ? ask(`Passphrase of ${keyFile}: `) : fromFile(file)) };
}

/** The passphrase of a new key: asked for twice, as nobody sees what is typed. */
export async function newPassphrase(file: string | undefined): Promise<string> {
  const passphrase = file === undefined ? await askTwice() : await fromFile(file);
  if (passphrase.length < LONG_ENOUGH) {
    note(
      `The passphrase is short: whoever gets the file can guess it. Take ${LONG_ENOUGH} characters or more.`,
    );
  }
  return passphrase;
}

async function askTwice(): Promise<string> {
  const first = await ask('New passphrase: ');
  const second = await ask('The same again: ');
  if (first !== second) throw new UsageError('The two passphrases differ: nothing was written.');
  return first;
}

async function ask(question: string): Promise<string> {
  const terminal = secretTerminal();
  if (terminal === undefined) throw new UsageError(NO_TERMINAL);
  return notEmpty(await askSecret(terminal, question));
}

async function fromFile(path: string): Promise<string> {
  return notEmpty(await readSecretFile(path));
}

/** White space around it does not count: a file ends with a line end, and the functions read it the same way. */
function notEmpty(text: string): string {
  const passphrase = text.trim();
  if (passphrase === '') throw new UsageError('The passphrase is empty.');
  return passphrase;
}
