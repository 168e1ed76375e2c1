import { requirementOf } from '@symbolon/protocol/codes';
import { LIMITS } from '@symbolon/protocol/limits';
import { Name, RegionId, RuleRefText } from '@symbolon/protocol/schemas/common';
import {
  Accepted,
  Basis,
  Finding,
  NotAccepted,
  NotAuthentic,
  Referred,
  Severity,
  ShownStatus,
  Step,
  Verdict,
} from '@symbolon/protocol/schemas/verdict';
import * as z from 'zod/mini';
import { VERDICT_CODES } from './texts/index.ts';

/** What a schema of ours says beyond its type, in the words of JSON Schema. */
const NAMED: readonly (readonly [name: string, schema: z.core.$ZodType, more: object])[] = [
  ['Accepted', Accepted, { description: 'Authentic and fresh, and the policy accepts it.' }],
  ['Referred', Referred, { description: 'Authentic, but a person must decide.' }],
  ['NotAccepted', NotAccepted, { description: 'Authentic, but the policy does not accept it.' }],
  [
    'NotAuthentic',
    NotAuthentic,
    { description: 'Nothing of what was shown is handed on: there are no statuses.' },
  ],
  ['Finding', Finding, {}],
  [
    'Code',
    Finding.shape.code,
    { enum: VERDICT_CODES, description: 'Every code that a verdict can carry. The code is API and stable.' },
  ],
  ['Step', Step, { description: 'The steps of a verification, in their order.' }],
  ['Severity', Severity, { description: 'The gravest one decides the outcome.' }],
  [
    'Requirement',
    Finding.shape.requirement,
    { enum: [...new Set(VERDICT_CODES.map(requirementOf))], description: 'What the code enforces.' },
  ],
  [
    'ShownStatus',
    ShownStatus,
    { description: 'A status that was found authentic. It holds nothing that names a person.' },
  ],
  [
    'PresentationId',
    ShownStatus.shape.presentationId,
    { pattern: '^[A-Za-z0-9_-]{43}$', description: 'SHA-256, base64url: what a scanner remembers.' },
  ],
  ['Basis', Basis, { description: 'Which registry the verdict rests on, and as of when.' }],
  [
    'Instant',
    Basis.shape.signedAt,
    { pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$', format: 'date-time' },
  ],
  ['Name', Name, { pattern: '^[a-z][a-z0-9-]{0,47}$' }],
  [
    'RegionId',
    RegionId,
    {
      pattern:
        '^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?){0,3}$',
    },
  ],
  ['RuleRef', RuleRefText, { pattern: '^[a-z][a-z0-9-]{0,47}@[1-9][0-9]{0,5}$' }],
];

type Gravity = readonly [allowed: readonly Severity[], needed?: Severity];

/** REQ-ACC-005: which findings an outcome can have, and which one it must have. */
const GRAVITY = new Map<z.core.$ZodType, Gravity>([
  [Accepted, [['info', 'warn']]],
  [Referred, [['info', 'warn', 'referred'], 'referred']],
  [NotAccepted, [['info', 'warn', 'referred', 'not-accepted'], 'not-accepted']],
  [NotAuthentic, [['not-authentic'], 'not-authentic']],
]);

function findingsWith([allowed, needed]: Gravity): object {
  const having = (severity: object) => ({ type: 'object', properties: { severity } });
  return {
    type: 'array',
    items: { $ref: '#/$defs/Finding', ...having({ enum: allowed }) },
    ...(needed === undefined
      ? {}
      : { minItems: 1, contains: { ...having({ const: needed }), required: ['severity'] } }),
  };
}

const SHOWN = {
  type: 'array',
  items: { $ref: '#/$defs/ShownStatus' },
  minItems: 1,
  maxItems: LIMITS.shownTogether,
};

/**
 * The JSON Schema (2020-12) of a verdict, made from the schema that the code itself reads verdicts with. It is closed: what a verdict does not have here, it never
 * has.
 */
export function verdictSchema(): object {
  const names = z.registry<{ id: string }>();
  for (const [id, schema] of NAMED) names.add(schema, { id });
  const more = new Map(NAMED.map(([, schema, words]) => [schema, words]));
  const { $schema, ...rest } = z.toJSONSchema(Verdict, {
    target: 'draft-2020-12',
    io: 'input',
    metadata: names,
    override: ({ zodSchema, jsonSchema }) => {
      Object.assign(jsonSchema, more.get(zodSchema));
      const { properties } = jsonSchema;
      if (properties !== undefined) jsonSchema.additionalProperties = false;
      const gravity = GRAVITY.get(zodSchema);
      if (gravity !== undefined) Object.assign(properties ?? {}, { findings: findingsWith(gravity) });
      if (properties?.['statuses'] !== undefined) Object.assign(properties, { statuses: SHOWN });
      if (jsonSchema.type === 'integer') {
        jsonSchema.minimum = 0;
        delete jsonSchema.maximum;
      }
    },
  });
  return {
    $schema,
    $id: 'urn:symbolon:schema:verdict:1',
    title: 'Symbolon verdict',
    description: 'What a verifier answers: docs/spec/verdict.md says what it means.',
    ...rest,
  };
}
