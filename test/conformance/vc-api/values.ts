import { isJsonObject, type Json, type JsonObject } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { type Problem, Refusal } from './refusal.ts';

/** An absolute URL as it stands: the URL parser would trim and escape. */
export const Url = z
  .string()
  .check(z.refine((text) => /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"]+$/.test(text) && URL.canParse(text)));

const FORM =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/** dateTimeStamp of XML Schema 1.1, part 2, section 3.4.28: with an offset, and a day that there is. Years of four digits. */
export const DateTime = z.string().check(
  z.refine((text) => {
    const [, year, month, day] = FORM.exec(text) ?? [];
    const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
    return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  }),
);

/** JSON-LD takes one value for a list of one. */
export function oneOrMore<T extends z.ZodMiniType>(item: T) {
  return z.union([item, z.array(item).check(z.minLength(1))]);
}

export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

/** @throws Refusal with the bad paths */
export function read<T extends z.ZodMiniType>(schema: T, value: unknown, problem: Problem): z.output<T> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const paths = result.error.issues.map(({ path }) => path.join('.') || '(root)');
  throw new Refusal(problem, `Not as specified: ${[...new Set(paths)].slice(0, 8).join(', ')}`);
}

/** @throws Refusal */
export function objectOf(value: Json | undefined, name: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new Refusal('PARSING_ERROR', `${name} is no object`);
}
