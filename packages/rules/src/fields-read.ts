import type { ASTNode } from '@marcbachmann/cel-js';
import { innerOf } from './inner-of.ts';

/** `health.level`: a field of a variable that an expression reads. */
export interface FieldRead {
  readonly variable: string;
  readonly field: string;
}

/**
 * What an expression reads of its variables, each once, in the order of its text. Fields of a fact that a macro goes through are among them, by the name that the
 * macro gives it.
 *
 * @param root of an expression that compiled
 */
export function fieldsRead(root: ASTNode): readonly FieldRead[] {
  const found: { readonly at: number; readonly read: FieldRead }[] = [];
  const open: ASTNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.op === '.' && node.args[0].op === 'id') {
      const [{ args: variable, pos: at }, field] = node.args;
      found.push({ at, read: { variable, field } });
    } else {
      open.push(...innerOf(node.args));
    }
  }
  const inOrder = found.toSorted((a, b) => a.at - b.at).map(({ read }) => read);
  return [...new Map(inOrder.map((read) => [`${read.variable}.${read.field}`, read])).values()];
}
