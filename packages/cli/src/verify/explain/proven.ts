import type { RegionKey } from '@symbolon/protocol/schemas/region';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { ShownStatus } from '@symbolon/protocol/schemas/verdict';
import type { RegionView } from '@symbolon/registry/registry-view';
import { decodeShown } from '@symbolon/verifier/decode-shown';
import { findKey } from '@symbolon/verifier/find-key';
import { Findings } from '@symbolon/verifier/findings';
import { checkRule } from '@symbolon/verifier/rule';
import { findScheme } from '@symbolon/verifier/scheme';
import type { VerifiedShowing } from '../verify-files.ts';

type Decoded = NonNullable<Awaited<ReturnType<typeof decodeShown>>>[number];

/** A credential that the verdict found authentic, with the published facts that the steps of the verifier went by. */
export interface Proven {
  readonly decoded: Decoded;
  readonly status: ShownStatus;
  readonly view: RegionView;
  readonly key: RegionKey;
  readonly scheme: Scheme;
  /** When it is published. */
  readonly rule: Rule | undefined;
}

/**
 * The facts behind an authentic verdict, from the verifier's own steps: these find the same again in the same trust, and what they find besides is not looked at, as
 * the verdict has it. Of a showing that is not authentic there are none.
 */
export async function provenOf({ presentations, trust, now, verdict }: VerifiedShowing): Promise<Proven[]> {
  if (!('statuses' in verdict)) return [];
  const unheard = new Findings();
  const shown = (await decodeShown(presentations, trust, unheard)) ?? [];
  return shown.flatMap((decoded, index) => {
    const found = findKey(decoded, trust, now, unheard);
    const scheme = findScheme(decoded, trust, unheard);
    const status = verdict.statuses[index];
    if (found === undefined || scheme === undefined || status === undefined) return [];
    return [{ decoded, status, ...found, scheme, rule: checkRule(decoded, found.view, unheard) }];
  });
}
