import { sdJwtMutant } from '../grammar/sd-jwt-mutant.ts';
import type { Meter } from '../meter.ts';
import { sdJwtJudge } from '../oracle/sd-jwt-oracle.ts';
import type { Verify } from '../oracle/verdict-oracle.ts';
import type { Target } from '../target.ts';
import { openWorld, sdJwtShowings } from './world.ts';

export interface TextTargetOptions {
  readonly meter: Meter;
  /** The reader under test; in place of the real one, a weak one that the oracle must find out. */
  readonly verify?: Verify | undefined;
  /** From a reproducer, in place of new ones. */
  readonly genuine?: readonly string[] | undefined;
}

/** SD-JWT with and without key binding, as text. */
export async function openSdJwtTarget(options: TextTargetOptions): Promise<Target> {
  const world = await openWorld();
  const genuine = options.genuine ?? (await sdJwtShowings(world));
  const judge = await sdJwtJudge(genuine, options.verify ?? world.verify, options.meter);
  return { genuine, judge, mutant: (dice) => sdJwtMutant(genuine, world, dice) };
}
