import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from './attributes.ts';

/** What one write changes of an item. */
export interface Change {
  readonly set?: Item;
  /** Set where it is not there yet: the first one stands. */
  readonly setFirst?: Item;
  /** Added to a number; one that is not there is 0. */
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
}

/**
 * Under which condition. `there`: the item exists. `below`: a number of it is below a bound, or is not there. `is`: an attribute has this value. `with`, `without`: the item
 * exists, and has an attribute or not.
 */
export type Only =
  | 'there'
  | { readonly below: readonly [name: string, bound: number] }
  | { readonly is: readonly [name: string, value: AttributeValue] }
  | { readonly with: string }
  | { readonly without: string };

export interface UpdateExpression {
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/** A change as DynamoDB writes it. Every name has a placeholder: an attribute may be called as a reserved word. */
export function updateExpression(change: Change, only?: Only): UpdateExpression {
  const names = new Map<string, string>();
  const values: Record<string, AttributeValue> = {};
  const nameOf = (name: string) => {
    const known = names.get(name) ?? `#n${names.size}`;
    names.set(name, known);
    return known;
  };
  const holderOf = (value: AttributeValue) => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = value;
    return placeholder;
  };

  const set = [
    ...Object.entries(change.set ?? {}).map(([name, value]) => `${nameOf(name)} = ${holderOf(value)}`),
    ...Object.entries(change.setFirst ?? {}).map(
      ([name, value]) => `${nameOf(name)} = if_not_exists(${nameOf(name)}, ${holderOf(value)})`,
    ),
  ];
  const add = Object.entries(change.add ?? {}).map(
    ([name, by]) => `${nameOf(name)} ${holderOf({ N: String(by) })}`,
  );
  const remove = (change.remove ?? []).map(nameOf);
  const clause = (word: string, parts: readonly string[]) =>
    parts.length === 0 ? [] : [`${word} ${parts.join(', ')}`];
  const update = [...clause('SET', set), ...clause('ADD', add), ...clause('REMOVE', remove)].join(' ');
  const condition = only === undefined ? {} : { ConditionExpression: conditionOf(only, nameOf, holderOf) };
  return {
    UpdateExpression: update,
    ...condition,
    ExpressionAttributeNames: Object.fromEntries(
      [...names].map(([name, placeholder]) => [placeholder, name]),
    ),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
  };
}

function conditionOf(
  only: Only,
  nameOf: (name: string) => string,
  holderOf: (value: AttributeValue) => string,
): string {
  if (only === 'there') return 'attribute_exists(pk)';
  if ('with' in only) return `attribute_exists(${nameOf(only.with)})`;
  if ('without' in only) return `attribute_exists(pk) AND attribute_not_exists(${nameOf(only.without)})`;
  if ('is' in only) return `${nameOf(only.is[0])} = ${holderOf(only.is[1])}`;
  const [name, bound] = only.below;
  return `attribute_not_exists(${nameOf(name)}) OR ${nameOf(name)} < ${holderOf({ N: String(bound) })}`;
}
