// Runs one function bundle in a thread of its own, with an environment of its own, as Lambda does. Plain JavaScript: a worker's entry
// is loaded the same way whatever started the process.
import { parentPort, workerData } from 'node:worker_threads';

const { handler } = await import(workerData.bundle);

parentPort.on('message', async ({ id, event, requestId, deadline }) => {
  const context = {
    functionName: workerData.name,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    // Lambda passes JSON both ways: what does not survive it must not work here either.
    const result = await handler(JSON.parse(event), context);
    parentPort.postMessage({ id, result: JSON.stringify(result) });
  } catch (error) {
    parentPort.postMessage({ id, failure: error instanceof Error ? error.name : 'Error' });
  }
});
parentPort.postMessage({ ready: true });
