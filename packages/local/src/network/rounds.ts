import type { Lambda } from '../lambda/lambda.ts';

/** A round begins so often. */
const ROUND_MS = 1000;
/** While a request is under way, so often: it may be waiting for its leaf. */
const SOON_MS = 250;
/** After the last request rounds go on for so long: what was decided has its leaf, and its witnesses, by then. */
const AWAKE_MS = 15_000;

/** The rounds of one log. */
export interface Rounds {
  /** A round that begins now, or after the one that is under way. @throws SymbolonError `internal-error` when it fails */
  now(): Promise<void>;
  /** The same function, and while it is asked for something rounds begin every second, or sooner. */
  whileAsked(asked: Lambda): Lambda;
  /** Resolves when the round that is under way has ended. */
  stop(): Promise<void>;
}

/**
 * Starts rounds as a schedule does in the cloud, never two at once. There it runs always; here only while somebody asks the region for something, so that a network that
 * nobody uses leaves the machine in peace.
 */
export function startRounds(sequencer: Lambda): Rounds {
  let awakeUntil = 0;
  let underWay = 0;
  let begun = 0;
  let running: Promise<void> = Promise.resolve();
  let isRunning = false;
  const round = () => {
    isRunning = true;
    begun = performance.now();
    running = running
      .catch(() => undefined)
      .then(async () => {
        await sequencer.invoke({});
      })
      .finally(() => {
        isRunning = false;
      });
    return running;
  };
  const timer = setInterval(() => {
    // A round that failed has said so in its log; the next one finishes what it began.
    const time = performance.now();
    const isDue = underWay > 0 || (time < awakeUntil && time - begun >= ROUND_MS);
    if (!isRunning && isDue) round().catch(() => undefined);
  }, SOON_MS);
  const wake = (requests: 1 | -1) => {
    underWay += requests;
    awakeUntil = performance.now() + AWAKE_MS;
  };
  return {
    now: round,
    whileAsked: (asked) => ({
      invoke: (event) => {
        wake(1);
        return asked.invoke(event).finally(() => wake(-1));
      },
      get hasDied() {
        return asked.hasDied;
      },
      stop: () => asked.stop(),
    }),
    stop: async () => {
      clearInterval(timer);
      await running.catch(() => undefined);
    },
  };
}
