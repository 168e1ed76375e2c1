import { packQr } from '@symbolon/credential/qr/pack';
import { encode } from 'uqr';
import type { Figure, Figures } from '../figure.ts';
import type { Settings } from '../measure.ts';
import { openGate } from '../workload/gate.ts';

/** Enough to meet a status index of every length. */
const CREDENTIALS = 64;

/** The QR code of a key-bound credential with a status list entry, as the issuer mints it and the wallet shows it: the largest of many. */
export async function figures(settings: Settings): Promise<Figures> {
  const gate = await openGate('qr');
  settings.progress('qr', 0, 1);
  const shown = await gate.present(settings.operations ?? CREDENTIALS);
  const texts = shown.map((text) => packQr(text, gate.trust.registry.dictionary));
  return {
    'qr.version': {
      ...largest(texts.map((text) => encode(text, { ecc: 'M' }).version)),
      unit: 'version (M)',
      must: 12,
      aim: 11,
    },
    'qr.characters': { ...largest(texts.map(({ length }) => length)), unit: 'characters' },
  };
}

function largest(values: readonly number[]): Pick<Figure, 'value' | 'better' | 'spread'> {
  const max = Math.max(...values);
  return { value: max, better: 'lower', spread: { min: Math.min(...values), max } };
}
