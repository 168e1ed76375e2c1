/** Ctrl-C, a service manager that stops it, and a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupts {
  readonly isInterrupted: () => boolean;
  readonly interrupted: Promise<void>;
}

/**
 * From here on a signal is noticed and ends nothing by itself, however often it comes: npm passes on the Ctrl-C that the terminal has sent already, and a second one
 * must not cut the cleaning up short.
 */
export function watchInterrupts(): Interrupts {
  let isInterrupted = false;
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        isInterrupted = true;
        resolve();
      });
    }
  });
  return { isInterrupted: () => isInterrupted, interrupted };
}
