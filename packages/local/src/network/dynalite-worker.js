// Runs the database in a thread of its own: what it cannot open ends this thread, not the network. Plain JavaScript, as worker.js.
import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';

const server = dynalite({ path: workerData.folder, createTableMs: 0 });
server.once('error', (error) => {
  throw error;
});
// A client that reuses a connection at the moment at which it is closed for idleness gets no answer.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => parentPort.postMessage({ port: server.address().port }));
parentPort.once('message', () => {
  // The answers that are under way are given; then the files are closed.
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
