// Decodes in a thread of its own, so that an image made to be slow can be given up. Plain JavaScript: a worker's entry is loaded the same way whatever
// started the process.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

// The decoder is read from the installed package: its own default would fetch it from a network.
const file = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'));
const { buffer } = new Uint8Array(await readFile(file));
prepareZXingModule({ overrides: { wasmBinary: buffer } });

const options = { formats: ['QRCode'], maxNumberOfSymbols: 8, tryHarder: true };
const found = await readBarcodes(workerData.image, options);
parentPort.postMessage(found.map(({ text, symbol }) => ({ text, width: symbol.width })));
