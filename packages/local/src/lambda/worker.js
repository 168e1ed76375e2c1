// Runs one function bundle in a thread of its own, with an environment of its own, as Lambda does. Plain JavaScript: a worker's entry
// is loaded the same way whatever started the process.
import { parentPort, workerData } from 'node:worker_threads';

const RealDate = Date;
/** Milliseconds; set by each call of a network whose time is simulated. */
let simulated;

/**
 * The function's code reads the machine's clock, here as there: in a simulation it is the machine that has another time. What it makes are dates as all others are, of the same constructor, by
 * which the language of the rules tells types apart.
 */
const SimulatedDate = new Proxy(RealDate, {
  construct: (target, parts) => Reflect.construct(target, parts.length === 0 ? [simulated] : parts),
  get: (target, name) => (name === 'now' ? () => simulated : Reflect.get(target, name)),
});

const { handler } = await import(workerData.bundle);

parentPort.on('message', async ({ id, event, requestId, deadline, clock }) => {
  if (clock !== undefined) {
    simulated = clock;
    globalThis.Date = SimulatedDate;
  }
  const context = {
    functionName: workerData.name,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, deadline - RealDate.now()),
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
