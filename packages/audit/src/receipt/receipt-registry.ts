import { formatRuleRef } from '@symbolon/protocol/ids';
import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { DecisionLeaf } from '@symbolon/protocol/schemas/leaf';
import type { RegistryView } from '@symbolon/registry/registry-view';
import { endOf } from '../log/class.ts';
import type { ReceiptStep } from './receipt-step.ts';

/** What the registry, as it is in the trust folder, says of a decision: rule, office, approvers. What has left it since cannot be checked here; `symbolon audit ADDRESS` reads its history. */
export function checkLeafByRegistry(
  leaf: DecisionLeaf,
  decidedAt: Instant,
  { regions }: Pick<RegistryView, 'regions'>,
  isWorse: boolean,
): readonly ReceiptStep[] {
  const view = own(regions, leaf.region);
  const rule = own(view?.ruleSets ?? {}, leaf.scheme)?.rules.find(
    (each) => formatRuleRef(each) === leaf.rule,
  );
  const steps: ReceiptStep[] = [];
  const isThen = decidedAt >= leaf.at && decidedAt < endOf(leaf);
  steps.push({
    step: `its public leaf has the ${leaf.per} of the decision`,
    ...(isThen ? PROVEN : { is: 'failed', code: 'leaf-misdated' }),
  });
  if (rule === undefined)
    steps.push({
      step: `the region publishes rule ${leaf.rule} (not today)`,
      is: 'unchecked',
      code: 'rule-unknown',
    });
  else {
    const isInForce = rule.from <= decidedAt && decidedAt < rule.sunset;
    steps.push({
      step: `rule ${leaf.rule} is published, and was in force`,
      ...(isInForce ? PROVEN : { is: 'failed', code: 'rule-not-in-force' }),
    });
    // What was merged or has ended is another decision's: its level need not be that of the rule.
    if (leaf.mode === 'automatic' || leaf.mode === 'manual')
      steps.push({
        step: `the rule gives the level ${leaf.level}`,
        ...(rule.level === leaf.level ? PROVEN : { is: 'failed', code: 'rule-level' }),
      });
    steps.push({
      step: `the rule lets ${leaf.authority} decide`,
      ...(rule.authorities.includes(leaf.authority) ? PROVEN : { is: 'failed', code: 'authority-unknown' }),
    });
  }
  if (leaf.mode === 'manual' && (isWorse || leaf.approvers !== undefined))
    steps.push(approversStep(leaf, own(view?.region.authorities ?? {}, leaf.authority)?.operators ?? []));
  return steps;
}

type Operators = NonNullable<RegistryView['regions'][string]>['region']['authorities'][string]['operators'];

/** REQ-AUD-005. Who is not an operator today may have been one then. */
function approversStep({ authority, approvers = [] }: DecisionLeaf, operators: Operators): ReceiptStep {
  const [a, b] = approvers;
  if (approvers.length !== 2 || a === undefined || b === undefined || a === b)
    return { step: 'two people approved it', is: 'failed', code: 'approvers-missing' };
  const may = (kid: string, role: 'propose' | 'approve') =>
    operators.some((each) => each.kid === kid && each.roles.includes(role));
  const isByTwo = (may(a, 'propose') && may(b, 'approve')) || (may(b, 'propose') && may(a, 'approve'));
  return {
    step: `${authority} lists the two keys that approved it, one to propose and one to approve${isByTwo ? '' : ' (not today)'}`,
    ...(isByTwo ? PROVEN : { is: 'unchecked', code: 'approvers-missing' }),
  };
}

const PROVEN = { is: 'proven', code: undefined } as const;
