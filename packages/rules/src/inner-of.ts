import type { ASTNode } from '@marcbachmann/cel-js';

/** The nodes directly below one, of its `args`. */
export function innerOf(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(innerOf);
  return isNode(args) ? [args] : [];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
