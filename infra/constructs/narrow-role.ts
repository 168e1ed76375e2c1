import type { FunctionName } from '@symbolon/functions/functions';
import {
  ArnPrincipal,
  CompositePrincipal,
  type Condition,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

export interface Permission {
  /** What for: the id of the statement, in letters. */
  readonly to: string;
  readonly actions: readonly string[];
  readonly on: readonly string[];
  readonly when?: Readonly<Record<string, Condition>>;
}

/** A role that starts with nothing, no managed policy either, and gets each permission by name. */
export class NarrowRole extends Role {
  may({ to, actions, on, when }: Permission): void {
    this.addToPolicy(
      new PolicyStatement({
        sid: to,
        actions: [...actions],
        resources: [...on],
        ...(when === undefined ? {} : { conditions: { ...when } }),
      }),
    );
  }
}

/** Everything that a function may do. Tracing is left out: X-Ray's actions cannot be narrowed to a resource. */
export function functionRole(scope: Construct, id: string, name: FunctionName): NarrowRole {
  return new NarrowRole(scope, id, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `What ${name} may do, and nothing else`,
  });
}

/** What people may do for the length of a ceremony: only the principals that the configuration names. */
export function peopleRole(
  scope: Construct,
  id: string,
  description: string,
  people: readonly string[],
): NarrowRole {
  return new NarrowRole(scope, id, {
    assumedBy: new CompositePrincipal(...people.map((arn) => new ArnPrincipal(arn))),
    description,
  });
}
