import { requirementOf } from '@symbolon/protocol/codes';
import { STEPS } from '@symbolon/protocol/schemas/verdict';
import { describe, expect, it } from 'vitest';
import { VERDICT_CODES } from './verdict-codes.ts';
import { verdictSchema } from './verdict-schema.ts';

const schema = structuredClone(verdictSchema());

/** All schemas within it, itself among them. What `contains` says adds to `items`, which is closed. */
function within(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(within);
  if (typeof value !== 'object' || value === null) return [];
  const parts = Object.entries(value).filter(([name]) => name !== 'contains');
  return [{ ...value }, ...parts.flatMap(([, part]) => within(part))];
}

describe('REQ-ACC-005 the JSON Schema of a verdict', () => {
  it('is closed: no object of it takes a member that it does not have', () => {
    const objects = within(schema).filter((each) => each['type'] === 'object');
    expect(objects.length).toBeGreaterThan(5);
    const closed = objects.filter((each) => {
      const names = each['propertyNames'] !== undefined;
      return names || each['$ref'] !== undefined || each['additionalProperties'] === false;
    });
    expect(closed).toEqual(objects);
  });

  it('says of every whole number that it counts something, and nothing of what a machine can hold', () => {
    const integers = within(schema).filter((each) => each['type'] === 'integer');
    expect(integers.length).toBeGreaterThan(2);
    for (const each of integers) expect([each['minimum'], 'maximum' in each]).toEqual([0, false]);
  });

  it('lists every code and every step, under names of their own, and is the same each time', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:symbolon:schema:verdict:1',
      $defs: {
        Code: { enum: VERDICT_CODES },
        Step: { enum: STEPS },
        Requirement: { enum: [...new Set(VERDICT_CODES.map(requirementOf))] },
      },
    });
    expect(JSON.stringify(verdictSchema())).toBe(JSON.stringify(schema));
  });
});
