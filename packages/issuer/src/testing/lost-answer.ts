import { watchedPorts } from './watched-ports.ts';

/** The same ports, where a conditional write is done, its answer is lost, and it is sent again once: it answers that its condition does not hold. */
export function losingAnswerOf<T extends object>(ports: T, write: string): T {
  let isLost = false;
  return watchedPorts(ports, async (name, _, call) => {
    if (name !== write || isLost) return call();
    isLost = true;
    await call();
    return call();
  });
}
