import { fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { givenBy } from '../files/file-fault.ts';
import { readInput } from '../files/read-input.ts';

/**
 * The text of a file or, for `-`, of standard input. `option` is told when it cannot be read.
 *
 * @throws SymbolonError `request-too-large`, `metadata-too-large`, `utf8-malformed`; FileFault
 */
export function readText(source: string, option: string): Promise<string> {
  return givenBy(option, () => (source === '-' ? readStandardInput() : readInput(source)));
}

async function readStandardInput(): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    // No further than the bound: a pipe may have no end.
    if (size > LIMITS.requestBytes)
      throw new SymbolonError('request-too-large', { bound: LIMITS.requestBytes });
    chunks.push(bytes);
  }
  return fromUtf8(new Uint8Array(Buffer.concat(chunks)));
}
