import { type Lambda, type LambdaSettings, startLambda } from '../lambda/lambda.ts';

/** Starts a function at its first call, as Lambda does, so that a network of many functions is ready at once. One that has died is started anew by the next call. */
export function lazyLambda(settings: LambdaSettings): Lambda {
  let started: Promise<Lambda> | undefined;
  const forget = (which: Promise<Lambda>) => {
    if (started === which) started = undefined;
  };
  return {
    invoke: async (event) => {
      started ??= startLambda(settings);
      const current = started;
      const lambda = await current.catch((error: unknown) => {
        forget(current);
        throw error;
      });
      try {
        return await lambda.invoke(event);
      } finally {
        if (lambda.hasDied) forget(current);
      }
    },
    get hasDied() {
      return false;
    },
    stop: async () => {
      await (await started?.catch(() => undefined))?.stop();
    },
  };
}
