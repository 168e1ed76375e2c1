// Judges lines in a thread of its own. Plain JavaScript: a worker's entry is loaded the same way whatever started the process.
import { parentPort, workerData } from 'node:worker_threads';
import { openJudge } from './judge-lines.ts';

const opened = openJudge(workerData);
// One chunk after another: they would only get in each other's way.
let work = opened;

parentPort.on('message', ({ id, chunk }) => {
  work = work.then(async () => {
    const judge = await opened;
    parentPort.postMessage({ id, judged: await judge(chunk) });
  });
});
