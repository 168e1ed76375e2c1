/** A scheme's name in an expression: `road-condition` is `roadCondition`, as CEL reads a hyphen as minus. */
export function celName(schemeId: string): string {
  return schemeId.replace(/-+(.?)/g, (_, next: string) => next.toUpperCase());
}
