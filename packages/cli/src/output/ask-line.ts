import { Interrupted } from '../interrupted.ts';

/** Asks at the terminal and reads one line, which the terminal shows as it is typed. @throws Interrupted when the terminal goes away */
export function askLine(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  return new Promise<string>((resolve, reject) => {
    const end = (settle: () => void) => {
      stdin.removeListener('data', take).removeListener('end', gone);
      stdin.pause();
      settle();
    };
    const gone = () => end(() => reject(new Interrupted()));
    // A terminal hands over whole lines.
    const take = (chunk: Uint8Array) => end(() => resolve(new TextDecoder().decode(chunk).trim()));
    stdin.on('data', take).on('end', gone).resume();
  });
}

/** Whether someone at the terminal says yes. Nothing else is one. */
export async function confirm(question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await askLine(`${question} [y/N] `));
}
