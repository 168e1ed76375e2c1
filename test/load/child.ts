import { stderr, stdout } from 'node:process';
import { runLoad, type Step } from './load.ts';

/** One run as a process of its own, so that its memory is nobody else's: `child.ts SUBJECTS`. The result is one line of JSON on standard output. */
const people = Number(process.argv[2]);

function showProgress(step: Step, share: number): void {
  const percent = Math.floor(share * 100);
  if (stderr.isTTY) stderr.write(`\r\u001b[K${people} subjects: ${step} ${percent} %`);
}

const result = await runLoad({ people, progress: showProgress });
if (stderr.isTTY) stderr.write('\r\u001b[K');
stdout.write(`${JSON.stringify(result)}\n`);
