/** A reading of JSON that shares nothing with the one under test: what stands twice, and how deep it is. */
export interface JsonForm {
  readonly value: unknown;
  readonly repeatsAName: boolean;
  readonly depth: number;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;

/** @throws SyntaxError */
export function jsonForm(text: string): JsonForm {
  const value: unknown = JSON.parse(text);
  const tokens = text.match(TOKEN) ?? [];
  const names: Set<string>[] = [];
  let repeatsAName = false;
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (token === '{' || token === '[') depth = Math.max(depth, names.push(new Set()));
    else if (token === '}' || token === ']') names.pop();
    else if (tokens[at + 1] === ':' && token.startsWith('"')) {
      const name: string = JSON.parse(token);
      if (names.at(-1)?.has(name) === true || name === '__proto__') repeatsAName = true;
      names.at(-1)?.add(name);
    }
  }
  return { value, repeatsAName, depth };
}
