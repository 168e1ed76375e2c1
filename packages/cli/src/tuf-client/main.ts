import { isSymbolonError } from '@symbolon/protocol/errors';
import { type Command, readArguments } from './arguments.ts';
import { download, init, refresh } from './commands.ts';

/**
 * A TUF client with the interface that TUF's public conformance suite drives (docs/spec/tuf-client.md). Answers the exit code: 0 when all
 * was done, else 1.
 *
 * @public bin/tuf-client calls it
 */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await run(readArguments(argv));
    return 0;
  } catch (error) {
    console.error(`tuf-client: ${describe(error)}`);
    return 1;
  }
}

function run(command: Command): Promise<void> {
  switch (command.name) {
    case 'init':
      return init(command);
    case 'refresh':
      return refresh(command);
    case 'download':
      return download(command);
  }
}

function describe(error: unknown): string {
  if (isSymbolonError(error)) return `${error.message} [${error.code}]`;
  return error instanceof Error ? error.message : 'unknown fault';
}
