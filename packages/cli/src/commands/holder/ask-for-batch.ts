import { liveLine } from '../../output/terminal.ts';
import { type Batch, type BatchRequest, requestWithReceipt } from '../../wallet/request-batch.ts';
import { pause } from '../../wallet/until-logged.ts';

/** Asks for a batch, and says so on a terminal while it waits for the log. @throws what `requestWithReceipt` throws */
export async function askForBatch(request: BatchRequest): Promise<Batch> {
  const line = liveLine();
  try {
    return await requestWithReceipt(request, {
      pause,
      onWait: (next, tries) =>
        line.show(`The decision is not in the log yet: waiting for try ${next} of ${tries}`),
    });
  } finally {
    line.done();
  }
}
