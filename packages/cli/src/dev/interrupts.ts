import { EXIT } from '../exit-code.ts';

/** Ctrl-C, a service manager that stops it, and a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const PARENT_MILLISECONDS = 200;
/** What comes sooner is the same Ctrl-C, passed on by npm. */
const SAME_SIGNAL_MILLISECONDS = 300;

export interface Interrupts {
  readonly isInterrupted: () => boolean;
  readonly interrupted: Promise<void>;
}

export interface InterruptOptions {
  /** Another signal ends the process at once: for a command that has nothing to clean up. */
  readonly secondEnds?: boolean;
}

/**
 * From here on a signal is noticed and, without `secondEnds`, ends nothing by itself, however often it comes: npm passes on the Ctrl-C that the terminal has sent already, and a second one
 * must not cut the cleaning up short. The end of the shell in which npm has started this counts as one: npm's own SIGTERM ends that shell, and nobody else.
 */
export function watchInterrupts({ secondEnds = false }: InterruptOptions = {}): Interrupts {
  let first: number | undefined;
  const interrupted = new Promise<void>((resolve) => {
    const interrupt = () => {
      const now = performance.now();
      if (secondEnds && first !== undefined && now - first >= SAME_SIGNAL_MILLISECONDS)
        process.exit(EXIT.interrupted);
      first ??= now;
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, interrupt);
    if (process.env['npm_lifecycle_event'] !== undefined) watchParent(interrupt);
  });
  return { isInterrupted: () => first !== undefined, interrupted };
}

/** Keeps no process alive. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_MILLISECONDS);
  timer.unref();
}
