import type { Instant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import type { Trust } from '@symbolon/verifier/trust';
import { verify } from '@symbolon/verifier/verify';
import { systemNow } from '../clock.ts';
import { note } from '../output/terminal.ts';
import { type PolicyChoice, policyOption } from '../policy-option.ts';
import { readPresentation } from '../read-presentation.ts';
import { loadTrust } from '../trust/load-trust.ts';
import { UsageError } from '../usage-error.ts';

/** One showing, its verdict, and what the verdict rests on. */
export interface VerifiedShowing {
  readonly presentations: readonly string[];
  readonly trust: Trust;
  readonly policy: Policy;
  readonly now: Instant;
  readonly verdict: Verdict;
}

/**
 * The verdict on what is in these files, shown together.
 *
 * @throws SymbolonError what `loadTrust`, `readPresentation` and `policyOption` throw; UsageError
 */
export async function verifyFiles(
  files: readonly string[],
  options: PolicyChoice & { readonly trust: string; readonly root?: string; readonly at?: Instant },
): Promise<VerifiedShowing> {
  if ([...files, options.venue].filter((file) => file === '-').length > 1)
    throw new UsageError(
      'Standard input is one file at most: of those that are shown, or the code of --venue.',
    );
  const now = options.at ?? systemNow();
  const { root } = options;
  const trust = await loadTrust({
    trust: options.trust,
    ...(root !== undefined && { root }),
    now,
    warn: note,
  });
  const presentations: string[] = [];
  for (const file of files) presentations.push(await readPresentation(file));
  const policy = await policyOption(options, presentations, trust, now);
  return { presentations, trust, policy, now, verdict: await verify(presentations, trust, policy, now) };
}
