/** `1 fact`, `2 facts`; `more` where the plural is another word. */
export function howMany(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
