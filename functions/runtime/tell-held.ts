import type { BurstRecord } from '@symbolon/issuer/burst-record';
import type { Log } from './log.ts';

/** The line that an alarm listens to: by one rule or office, more adverse decisions than the federation allows. A burst that lapsed is told of no more. */
export function tellHeld(log: Log, ...bursts: readonly (BurstRecord | undefined)[]): void {
  for (const burst of bursts)
    if (burst?.state === 'held')
      log('burst.held', { burst: burst.id, scheme: burst.scheme, cause: burst.cause });
}
