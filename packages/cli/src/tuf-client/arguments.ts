import { parseArgs } from 'node:util';

export interface Init {
  readonly name: 'init';
  readonly metadataDir: string;
  readonly trustedRoot: string;
}

export interface Refresh {
  readonly name: 'refresh';
  readonly metadataDir: string;
  readonly metadataUrl: string;
}

export interface Download extends Omit<Refresh, 'name'> {
  readonly name: 'download';
  readonly targetBaseUrl: string;
  readonly targetDir: string;
  readonly targetNames: readonly string[];
}

export type Command = Init | Refresh | Download;

const TEXT = { type: 'string' } as const;
const OPTIONS = {
  'metadata-dir': TEXT,
  'metadata-url': TEXT,
  'target-base-url': TEXT,
  'target-dir': TEXT,
  'target-name': { type: 'string', multiple: true },
} as const;

const USAGE = `usage:
  tuf-client --metadata-dir DIR init ROOT
  tuf-client --metadata-dir DIR --metadata-url URL refresh
  tuf-client --metadata-dir DIR --metadata-url URL --target-base-url URL --target-dir DIR --target-name PATH... download`;

/** @throws Error with the usage when something is missing, or too much */
export function readArguments(argv: readonly string[]): Command {
  const { values, positionals } = parsed(argv);
  const required = (name: Exclude<keyof typeof OPTIONS, 'target-name'>): string => {
    const value = values[name];
    if (value === undefined || value === '') throw usageError(`--${name} is missing`);
    return value;
  };
  const [name, trustedRoot, ...more] = positionals;
  const metadataDir = required('metadata-dir');
  if (name === 'init' && trustedRoot !== undefined && more.length === 0) {
    return { name, metadataDir, trustedRoot };
  }
  if (trustedRoot !== undefined || (name !== 'refresh' && name !== 'download')) throw new Error(USAGE);
  const metadataUrl = required('metadata-url');
  if (name === 'refresh') return { name, metadataDir, metadataUrl };
  const targetNames = values['target-name'] ?? [];
  if (targetNames.length === 0) throw usageError('--target-name is missing');
  return {
    name,
    metadataDir,
    metadataUrl,
    targetBaseUrl: required('target-base-url'),
    targetDir: required('target-dir'),
    targetNames,
  };
}

export function usageError(reason: string): Error {
  return new Error(`${reason}\n${USAGE}`);
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch {
    throw new Error(USAGE);
  }
}
