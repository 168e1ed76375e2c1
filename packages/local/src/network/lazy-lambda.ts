import { type Lambda, type LambdaSettings, startLambda } from '../lambda/lambda.ts';

/** Starts a function at its first call, as Lambda does, so that a network of many functions is ready at once. */
export function lazyLambda(settings: LambdaSettings): Lambda {
  let started: Promise<Lambda> | undefined;
  return {
    invoke: async (event) => {
      started ??= startLambda(settings);
      return (await started).invoke(event);
    },
    stop: async () => {
      await (await started?.catch(() => undefined))?.stop();
    },
  };
}
