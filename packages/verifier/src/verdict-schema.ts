import { ID_PATTERNS } from '@symbolon/protocol/ids';
import { Name, RegionId, RuleRefText } from '@symbolon/protocol/schemas/common';
import { Severity, Step } from '@symbolon/protocol/schemas/verdict';
import * as z from 'zod/mini';
import {
  AcceptedForm,
  BasisForm,
  FindingForm,
  GRAVITY,
  type Gravity,
  NotAcceptedForm,
  NotAuthenticForm,
  ReferredForm,
  ShownStatusForm,
  VerdictForm,
} from './verdict-form.ts';

/** What a schema of ours says beyond its type, in the words of JSON Schema. */
const NAMED: readonly (readonly [name: string, schema: z.core.$ZodType, more: object])[] = [
  ['Accepted', AcceptedForm, { description: 'Authentic and fresh, and the policy accepts it.' }],
  ['Referred', ReferredForm, { description: 'Authentic, but a person must decide.' }],
  ['NotAccepted', NotAcceptedForm, { description: 'Authentic, but the policy does not accept it.' }],
  [
    'NotAuthentic',
    NotAuthenticForm,
    { description: 'Nothing of what was shown is handed on: there are no statuses.' },
  ],
  ['Finding', FindingForm, {}],
  [
    'Code',
    FindingForm.shape.code,
    { description: 'Every code that a verdict can carry. The code is API and stable.' },
  ],
  ['Step', Step, { description: 'The steps of a verification, in their order.' }],
  ['Severity', Severity, { description: 'The gravest one decides the outcome.' }],
  ['Requirement', FindingForm.shape.requirement, { description: 'What the code enforces.' }],
  [
    'ShownStatus',
    ShownStatusForm,
    { description: 'A status that was found authentic. It holds nothing that names a person.' },
  ],
  [
    'PresentationId',
    ShownStatusForm.shape.presentationId,
    { description: 'SHA-256, base64url: what a scanner remembers.' },
  ],
  ['Basis', BasisForm, { description: 'Which registry the verdict rests on, and as of when.' }],
  [
    'Instant',
    BasisForm.shape.signedAt,
    { pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$', format: 'date-time' },
  ],
  ['Name', Name, { pattern: ID_PATTERNS.name }],
  ['RegionId', RegionId, { pattern: ID_PATTERNS.region }],
  ['RuleRef', RuleRefText, { pattern: ID_PATTERNS.ruleRef }],
];

const GRAVITY_OF = new Map<z.core.$ZodType, Gravity>([
  [AcceptedForm, GRAVITY.accepted],
  [ReferredForm, GRAVITY.referred],
  [NotAcceptedForm, GRAVITY['not-accepted']],
  [NotAuthenticForm, GRAVITY['not-authentic']],
]);

/** What `findingsOf` of the form refuses, where a type alone cannot say it. */
function findingsWith({ allowed, needed }: Gravity): object {
  const having = (severity: object) => ({ type: 'object', properties: { severity } });
  return {
    type: 'array',
    items: { $ref: '#/$defs/Finding', ...having({ enum: allowed }) },
    ...(needed === undefined
      ? {}
      : { minItems: 1, contains: { ...having({ const: needed }), required: ['severity'] } }),
  };
}

/**
 * The JSON Schema (2020-12) of a verdict, made from the schema that the code itself reads verdicts with. It is closed: what a verdict does not have here, it never
 * has.
 */
export function verdictSchema(): object {
  const names = z.registry<{ id: string }>();
  for (const [id, schema] of NAMED) names.add(schema, { id });
  const more = new Map(NAMED.map(([, schema, words]) => [schema, words]));
  const { $schema, ...rest } = z.toJSONSchema(VerdictForm, {
    target: 'draft-2020-12',
    io: 'input',
    metadata: names,
    override: ({ zodSchema, jsonSchema }) => {
      Object.assign(jsonSchema, more.get(zodSchema));
      const gravity = GRAVITY_OF.get(zodSchema);
      if (gravity !== undefined)
        Object.assign(jsonSchema.properties ?? {}, { findings: findingsWith(gravity) });
      // What a machine can hold is nothing that a verdict says.
      if (jsonSchema.type === 'integer') delete jsonSchema.maximum;
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
