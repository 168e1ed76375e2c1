import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What someone types when the screen ends like this. */
export type Answer = readonly [question: RegExp, typed: string];

export interface TerminalRun {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly answers: readonly Answer[];
}

/** What is to be found at the end of the screen; longer ones are not questions. */
const TAIL = 200;

/**
 * Runs a shell command at a terminal of its own (`script` of util-linux), where someone answers its questions.
 *
 * @returns the exit code, and all that the screen has shown
 */
export async function atTerminal(
  command: string,
  { cwd, environment, answers }: TerminalRun,
): Promise<{ code: number; screen: string }> {
  const child = spawn('script', ['-qefc', command, '/dev/null'], { cwd, env: environment });
  let screen = '';
  let answered = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    const tail = screen.slice(Math.max(answered, screen.length - TAIL));
    const [, typed] = answers.find(([question]) => question.test(tail)) ?? [];
    if (typed === undefined) return;
    answered = screen.length;
    child.stdin.write(typed);
  });
  const [code] = await once(child, 'close');
  return { code, screen };
}
