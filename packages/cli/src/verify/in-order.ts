/**
 * Does work on what comes, up to `most` at once, and gives the results in the order in which the inputs came, each as soon as it is there. Nothing is taken from
 * the source while as many are under way or not yet taken by whoever reads.
 *
 * @param stop ends the source: what is under way is finished
 */
export async function* inOrder<T, R>(
  source: AsyncIterator<T>,
  work: (input: T) => Promise<R>,
  most: number,
  stop: Promise<void>,
): AsyncGenerator<R> {
  const ended = stop.then(() => ({ done: true, value: undefined }) as const);
  const take = () => Promise.race([ended, source.next()]);
  const underWay: Promise<R>[] = [];
  let coming: ReturnType<typeof take> | undefined = take();
  for (;;) {
    const [oldest] = underWay;
    if (oldest === undefined && coming === undefined) return;
    const taken: Awaited<typeof coming> | undefined =
      coming === undefined || underWay.length >= most
        ? undefined
        : await (oldest === undefined ? coming : Promise.race([coming, oldest.then(() => undefined)]));
    if (taken === undefined) {
      underWay.shift();
      if (oldest !== undefined) yield await oldest;
    } else if (taken.done === true) coming = undefined;
    else {
      const result = work(taken.value);
      // It is awaited in its turn; until then its failure is nobody's.
      result.catch(() => undefined);
      underWay.push(result);
      coming = take();
    }
  }
}
