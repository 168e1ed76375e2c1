import { isDeepStrictEqual } from 'node:util';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import type { Meter } from '../meter.ts';
import type { Mutant, Outcome, Sealed } from '../target.ts';
import { FormFault, type SdJwtForm, sdJwtForm } from './sd-jwt-form.ts';
import { asked, difference, failed, type Verify, workBound } from './verdict-oracle.ts';

interface Genuine {
  readonly form: SdJwtForm;
  readonly verdict: Verdict;
}

/**
 * The oracle over SD-JWT texts.
 *
 * @param shown the genuine ones in the form in which they are shown, where that is another
 * @returns the judge; `unpack` gives the SD-JWT of what was taken
 * @throws Error when what is genuine is not taken
 */
export async function sdJwtJudge(
  texts: readonly string[],
  verify: Verify,
  meter: Meter,
  shown: readonly string[] = texts,
): Promise<(mutant: Mutant, unpack?: (text: string) => string) => Promise<Outcome>> {
  const genuine: Genuine[] = [];
  let work = 0;
  for (const [at, text] of texts.entries()) {
    const verdict = await asked(shown[at] ?? text, verify, meter, Number.POSITIVE_INFINITY);
    if (!('outcome' in verdict) || verdict.outcome !== 'accepted')
      throw new Error('a genuine one is refused');
    await verify(shown[at] ?? text);
    work = Math.max(work, meter.take());
    genuine.push({ form: sdJwtForm(text), verdict });
  }
  return async ({ input, sealed }, unpack = (text) => text) => {
    const text = String(input);
    const said = await asked(text, verify, meter, workBound(work, text.length));
    return 'kind' in said ? said : compared(() => unpack(text.trim()), said, genuine, sealed);
  };
}

function compared(
  unpacked: () => string,
  verdict: Verdict,
  genuine: readonly Genuine[],
  sealed: Sealed,
): Outcome {
  let form: SdJwtForm;
  try {
    form = sdJwtForm(unpacked());
  } catch (error) {
    if (error instanceof FormFault) return failed(`taken, with ${error.message}`);
    throw error;
  }
  const same = genuine.find((each) =>
    sealed === 'by-issuer' ? saysTheSame(each.form, form) : each.form.signed === form.signed,
  );
  if (same === undefined) return failed('taken, and nothing genuine says so');
  const fault = sealed === 'by-issuer' ? undefined : shownOtherwise(form, same.form, sealed);
  if (fault !== undefined) return failed(`taken, with ${fault}`);
  const differing = difference(verdict, same.verdict, form.details, sealed === 'not');
  return differing === undefined ? { kind: 'unchanged' } : failed(`taken, and another: ${differing}`);
}

/** Whoever holds a card or binds anew chooses what is disclosed; nobody else does. */
function shownOtherwise(form: SdJwtForm, genuine: SdJwtForm, sealed: Sealed): string | undefined {
  if (!form.disclosures.every((text) => genuine.disclosures.includes(text)))
    return 'a disclosure that nobody made';
  if ((form.bound === undefined) !== (genuine.bound === undefined)) return 'a key binding more or less';
  if (sealed === 'by-holder' || genuine.bound === undefined) return undefined;
  if (form.bound !== genuine.bound) return 'a key binding that nobody made';
  return isDeepStrictEqual(form.disclosures, genuine.disclosures)
    ? undefined
    : 'other disclosures than were bound';
}

/** But for the digest of what is disclosed. */
function saysTheSame(genuine: SdJwtForm, form: SdJwtForm): boolean {
  const { _sd: _one, ...claims } = form.payload;
  const { _sd: _other, ...expected } = genuine.payload;
  return isDeepStrictEqual(claims, expected) && isDeepStrictEqual(form.header, genuine.header);
}
