import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run conformance:vc-api -- [options]

A server for W3C's public test suites: VC-API over HTTPS on this machine, with a self-signed certificate and without authentication. It signs
whatever it is given, with keys that anyone can make: for tests, and for nothing else. It prints its address as one line, and serves until
it is interrupted.

  GET  /issuers/{eddsa|p256|bsl}                      the issuer's did:key
  POST /issuers/{eddsa|p256|bsl}/credentials/issue    {credential}
  POST /credentials/verify                            {verifiableCredential, options: {checks}}
  POST /presentations/verify                          {verifiablePresentation, options: {challenge, domain}}

Options:
  --port N   where it listens on 127.0.0.1; 0, the default, takes a free port
  --help     print this

Exit code: 0 after an interruption, 64 for wrong usage.`;

/** Wrong usage of the command. The message is for whoever typed it. */
export class UsageError extends Error {}

export interface ServerOptions {
  readonly port: number;
  readonly help: boolean;
}

/** @throws UsageError */
export function readOptions(args: readonly string[]): ServerOptions {
  const { port = '0', help = false } = parse(args);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageError('--port is a whole number from 0 to 65535.');
  }
  return { port: Number(port), help };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { port: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The options cannot be read.');
  }
}
