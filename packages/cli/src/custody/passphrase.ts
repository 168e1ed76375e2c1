import { readSecretFile } from '@symbolon/local/files/secret-file';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { givenBy } from '../files/file-fault.ts';
import { note } from '../output/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { askSecret, secretTerminal } from './ask-secret.ts';

/** Shorter ones can be guessed by someone who has the file. */
const LONG_ENOUGH = 12;
const TRIES = 3;
const TOO_SHORT = `The passphrase is too short: whoever gets the file could guess it. Take ${LONG_ENOUGH} characters or more.`;

const PASSPHRASE_FILE = '--passphrase-file';
const NO_TEXT = `The file given with ${PASSPHRASE_FILE} holds no passphrase: that is a line of text.`;
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
  if (file === undefined) return askTwice();
  const passphrase = await fromFile(file);
  if (!isLongEnough(passphrase)) throw new UsageError(`${TOO_SHORT} Nothing was written.`);
  return passphrase;
}

function isLongEnough(passphrase: string): boolean {
  return [...passphrase].length >= LONG_ENOUGH;
}

async function askTwice(): Promise<string> {
  const first = await askLongOne();
  const second = await ask('The same again: ');
  if (first !== second) throw new UsageError('The two passphrases differ: nothing was written.');
  return first;
}

/** A short one is asked for again, a few times. */
async function askLongOne(): Promise<string> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const passphrase = await ask('New passphrase: ');
    if (isLongEnough(passphrase)) return passphrase;
    if (tries < TRIES) note(TOO_SHORT);
  }
  throw new UsageError(`${TOO_SHORT} Nothing was written.`);
}

async function ask(question: string): Promise<string> {
  const terminal = secretTerminal();
  if (terminal === undefined) throw new UsageError(NO_TERMINAL);
  return notEmpty(await askSecret(terminal, question));
}

async function fromFile(path: string): Promise<string> {
  return notEmpty(await givenBy(PASSPHRASE_FILE, () => readTextOf(path)));
}

/** A sealed key under the wrong option, say, is told as that file's fault, and not as one of the key. */
async function readTextOf(path: string): Promise<string> {
  try {
    const text = await readSecretFile(path);
    if (/[^\P{Cc}\n\r\t]/u.test(text) || text.includes('\ufffd')) throw new UsageError(NO_TEXT);
    return text;
  } catch (error) {
    throw isSymbolonError(error) && error.code === 'key-file-malformed' ? new UsageError(NO_TEXT) : error;
  }
}

/** White space around it does not count: a file ends with a line end, and the functions read it the same way. */
function notEmpty(text: string): string {
  const passphrase = text.trim();
  if (passphrase === '') throw new UsageError('The passphrase is empty.');
  return passphrase;
}
