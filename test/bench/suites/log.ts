import { checkReceipt } from '@symbolon/log/receipt';
import type { Figures } from '../figure.ts';
import { race, type Settings } from '../measure.ts';
import { microseconds, multiple } from '../ratio.ts';
import { isSignedByEd25519, receiptMaker } from '../workload/receipts.ts';
import { sequencedPerSecond } from '../workload/sequencing.ts';

const RECEIPTS = 192;
/** Of those that the mark asks for. */
const COSIGNATURES = 2;

/** How fast a log takes leaves in, and what a holder's check of a receipt costs beyond its signatures. */
export async function figures(settings: Settings): Promise<Figures> {
  return {
    'log.leavesPerSecond': { ...(await sequencedPerSecond(settings)), must: 2000, aim: 10_000 },
    ...(await receipts('log.receipt', 0, { must: 2, aim: 1.3 }, settings)),
    ...(await receipts('log.witnessedReceipt', COSIGNATURES, {}, settings)),
  };
}

/** A receipt from its text to its verdict, over the check of its bare signatures. */
async function receipts(
  name: string,
  witnesses: number,
  marks: { readonly must?: number; readonly aim?: number },
  settings: Settings,
): Promise<Figures> {
  const rounds = settings.rounds + Math.ceil(settings.rounds / 3);
  const { trust, make } = await receiptMaker((settings.operations ?? RECEIPTS) * rounds, witnesses);
  const { speed, time } = await race(
    {
      name,
      operations: RECEIPTS,
      prepare: make,
      runners: {
        ours: async ({ text }) =>
          (await checkReceipt(text, trust, witnesses > 0)).cosigned.size === witnesses,
        floor: ({ raw }) => raw.every(isSignedByEd25519),
      },
    },
    settings,
  );
  return {
    [`${name}OverRaw`]: multiple(speed('floor', 'ours'), 'raw', marks),
    [`${name}.us`]: microseconds(time('ours')),
  };
}
