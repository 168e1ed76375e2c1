/** JSON as it is spelt: members in any order and number, names and values as texts that may be anything. */
export type JsonTree =
  | { readonly kind: 'object'; members: { name: string; value: JsonTree }[] }
  | { readonly kind: 'array'; items: JsonTree[] }
  /** The text of a value that has no parts; or of what is no JSON at all. */
  | { readonly kind: 'text'; text: string };
export type JsonObjectTree = Extract<JsonTree, { kind: 'object' }>;

/** Of a text that is JSON. */
export function treeOf(text: string): JsonTree {
  return treeFrom(JSON.parse(text));
}

export function treeFrom(value: unknown): JsonTree {
  if (Array.isArray(value)) return { kind: 'array', items: value.map(treeFrom) };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return {
      kind: 'object',
      members: entries.map(([name, inner]) => ({ name: JSON.stringify(name), value: treeFrom(inner) })),
    };
  }
  return { kind: 'text', text: JSON.stringify(value) ?? 'null' };
}

export function textOf(tree: JsonTree): string {
  if (tree.kind === 'text') return tree.text;
  if (tree.kind === 'array') return `[${tree.items.map(textOf).join(',')}]`;
  return `{${tree.members.map(({ name, value }) => `${name}:${textOf(value)}`).join(',')}}`;
}

/** It and all that is in it. */
export function nodesOf(tree: JsonTree): JsonTree[] {
  const inner =
    tree.kind === 'array' ? tree.items : tree.kind === 'object' ? tree.members.map(({ value }) => value) : [];
  return [tree, ...inner.flatMap(nodesOf)];
}

export function copyOf(tree: JsonTree): JsonTree {
  return structuredClone(tree);
}
