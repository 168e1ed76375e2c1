import type { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod/mini';
import { textOf } from './intrinsics.ts';
import { placesOf } from './synthesised.ts';

const oneOrMore = <T extends z.core.$ZodType>(item: T) =>
  z.pipe(
    z.union([z.array(item), item]),
    z.transform((value): z.output<T>[] => (Array.isArray(value) ? value : [value])),
  );

export const Statement = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore(z.string()),
  Resource: oneOrMore(z.unknown()),
  Principal: z.optional(z.union([z.literal('*'), z.record(z.string(), oneOrMore(z.unknown()))])),
  Condition: z.optional(z.record(z.string(), z.record(z.string(), z.unknown()))),
});
export type Statement = z.output<typeof Statement>;

const Policy = z.object({
  Properties: z.object({
    PolicyDocument: z.object({ Statement: z.array(Statement) }),
    Roles: z.array(z.strictObject({ Ref: z.string() })),
  }),
});

/** One action on one resource, by its place in the stack. */
export interface Right {
  readonly action: string;
  readonly on: string;
  readonly condition: Statement['Condition'];
}

/** Everything that policies of a stack allow to a role, by the role's place. */
export function rightsOf(stack: Stack, template: Template, role: string): readonly Right[] {
  const places = placesOf(stack);
  const place = (id: string) => places.get(id) ?? id;
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .map((policy) => Policy.parse(policy).Properties)
    .filter(({ Roles }) => Roles.some(({ Ref }) => place(Ref) === role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap((statement) => {
      if (statement.Effect !== 'Allow') throw new Error('these policies only allow');
      const on = statement.Resource.map((resource) => textOf(resource, place));
      return statement.Action.flatMap((action) =>
        on.map((each) => ({ action, on: each, condition: statement.Condition })),
      );
    });
}

/** `kms:Sign on IssuingKeys/a`, in order. */
export function written(rights: readonly Right[]): readonly string[] {
  return rights.map(({ action, on }) => `${action} on ${on}`).toSorted();
}
