import { isDeepStrictEqual } from 'node:util';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import { changeJsonLd } from '../grammar/json-ld-mutations.ts';
import { textOf, treeOf } from '../grammar/json-tree.ts';
import { type JsonForm, jsonForm } from '../oracle/json-form.ts';
import { asked, difference, failed, workBound } from '../oracle/verdict-oracle.ts';
import type { Outcome, Target } from '../target.ts';
import type { TextTargetOptions } from './sd-jwt.ts';
import { jsonLdShowings, openWorld } from './world.ts';

/** JSON-LD: presentations with proofs of both kinds of keys, and a card. */
export async function openJsonLdTarget(options: TextTargetOptions): Promise<Target> {
  const { meter } = options;
  const world = await openWorld();
  const texts = options.genuine ?? (await jsonLdShowings(world));
  const verify = options.verify ?? world.verify;
  const genuine: { value: unknown; verdict: Verdict }[] = [];
  let work = 0;
  for (const text of texts) {
    const verdict = await asked(text, verify, meter, Number.POSITIVE_INFINITY);
    if (!('outcome' in verdict) || verdict.outcome !== 'accepted')
      throw new Error('a genuine one is refused');
    await verify(text);
    work = Math.max(work, meter.take());
    genuine.push({ value: withoutSignatures(JSON.parse(text)), verdict });
  }
  return {
    genuine: texts,
    mutant: async (dice) => {
      const trees = texts.map(treeOf);
      const tree = dice.pick(trees);
      const how = changeJsonLd(
        tree,
        trees.filter((each) => each !== tree),
        dice,
      );
      return { input: textOf(tree), how, sealed: 'not' };
    },
    judge: async ({ input }) => {
      const text = String(input);
      const said = await asked(text, verify, meter, workBound(work, text.length));
      return 'kind' in said ? said : compared(text.trim(), said, genuine);
    },
  };
}

function compared(
  text: string,
  verdict: Verdict,
  genuine: readonly { value: unknown; verdict: Verdict }[],
): Outcome {
  let form: JsonForm;
  try {
    form = jsonForm(text);
  } catch {
    return failed('taken, and no JSON');
  }
  const { value, repeatsAName, depth } = form;
  if (repeatsAName) return failed('taken, with a name that stands twice');
  if (depth > 16) return failed('taken, though it is too deep');
  const bare = withoutSignatures(value);
  const same = genuine.find((each) => isDeepStrictEqual(each.value, bare));
  if (same === undefined) return failed('taken, and nothing genuine says so');
  const differing = difference(verdict, same.verdict, {}, true);
  return differing === undefined ? { kind: 'unchanged' } : failed(`taken, and another: ${differing}`);
}

/** A second ECDSA signature of the same is no other credential. */
function withoutSignatures(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSignatures);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => name !== 'proofValue');
  return Object.fromEntries(entries.map(([name, inner]) => [name, withoutSignatures(inner)]));
}
