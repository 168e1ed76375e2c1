/**
 * What a record holds under a name, and nothing that it inherits: `constructor` and `toString` are names that a message may carry.
 */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
