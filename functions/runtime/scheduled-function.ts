import middy, { type MiddyfiedHandler } from '@middy/core';
import type { Instant } from '@symbolon/protocol/instant';
import { codeOf } from './code-of.ts';
import type { Runtime } from './http-function.ts';
import { causeOf, type Log, whereOf } from './log.ts';
import { startOnce } from './start-once.ts';

/**
 * A function that a schedule starts. A failure is logged by its code and thrown, so that Lambda counts it, tries again and an alarm can
 * see it. Every such function is safe to run twice.
 */
export function scheduledFunction<D extends Runtime>(
  startLog: Log,
  load: () => Promise<D>,
  run: (dependencies: D, now: Instant) => Promise<void>,
): MiddyfiedHandler<unknown, { readonly ok: true }> {
  const start = startOnce(startLog, load);
  return middy<unknown, { readonly ok: true }>().handler(async () => {
    const dependencies = await start();
    const { clock, log } = dependencies;
    const started = performance.now();
    try {
      await run(dependencies, clock());
      log('schedule.done', { milliseconds: Math.round(performance.now() - started) });
      return { ok: true };
    } catch (error) {
      log('schedule.failed', {
        code: codeOf(error),
        cause: causeOf(error),
        errorName: error instanceof Error ? error.name : typeof error,
        where: whereOf(error),
      });
      throw error;
    }
  });
}
