import { utf8 } from '@symbolon/protocol/bytes';
import { Interrupted } from '../interrupted.ts';

/** The part of a terminal that a question needs. */
export interface SecretTerminal {
  readonly input: NodeJS.ReadableStream & { setRawMode(raw: boolean): unknown };
  readonly output: NodeJS.WritableStream;
}

/** The terminal of this process, when there is one to ask on. */
export function secretTerminal(): SecretTerminal | undefined {
  if (!process.stdin.isTTY) return undefined;
  return { input: process.stdin, output: process.stderr };
}

const ENTER = ['\r', '\n', '\u0004'];
const RUBOUT = ['\b', '\u007f'];
const INTERRUPT = '\u0003';

/**
 * Asks for one line and shows nothing of it, not even how long it is.
 *
 * @throws Interrupted on Ctrl-C, or when the terminal goes away
 */
export function askSecret({ input, output }: SecretTerminal, question: string): Promise<string> {
  // Before the question: nothing that answers it is shown.
  input.setRawMode(true);
  output.write(question);
  input.resume();
  return new Promise<string>((resolve, reject) => {
    const decoder = new TextDecoder();
    const typed: string[] = [];
    const end = (settle: () => void) => {
      input.removeListener('data', take).removeListener('end', gone);
      input.pause();
      input.setRawMode(false);
      output.write('\n');
      settle();
    };
    const gone = () => end(() => reject(new Interrupted()));
    const take = (chunk: Uint8Array) => {
      const characters = [...decoder.decode(chunk, { stream: true })];
      for (const [index, character] of characters.entries()) {
        if (character === INTERRUPT) return gone();
        if (ENTER.includes(character)) {
          return end(() => {
            // What was typed ahead is for the next question.
            const rest = characters.slice(index + 1).join('');
            if (rest !== '') input.unshift(utf8(rest));
            resolve(typed.join(''));
          });
        }
        if (RUBOUT.includes(character)) typed.pop();
        else typed.push(character);
      }
    };
    input.on('data', take).on('end', gone);
  });
}
