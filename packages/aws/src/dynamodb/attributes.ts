import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { SymbolonError } from '@symbolon/protocol/errors';
import { type Instant, isInstant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import type * as z from 'zod/mini';

export type Item = Record<string, AttributeValue>;

/** Reads a typed attribute. What has another form than the one written is `storage-failed` with the attribute's name, never a guess. */
export type Read<T> = (item: Item, name: string) => T;

const fault = (name: string) => new SymbolonError('storage-failed', { path: name });

export function text(item: Item, name: string): string {
  const value = item[name]?.S;
  if (value === undefined) throw fault(name);
  return value;
}

export function number(item: Item, name: string): number {
  const value = Number(item[name]?.N);
  if (!Number.isSafeInteger(value)) throw fault(name);
  return value;
}

export function time(item: Item, name: string): Instant {
  const value = number(item, name);
  if (!isInstant(value)) throw fault(name);
  return value;
}

export function texts(item: Item, name: string): readonly string[] {
  const values = item[name]?.L;
  if (values === undefined) throw fault(name);
  return values.map(({ S: value }) => {
    if (value === undefined) throw fault(name);
    return value;
  });
}

/** True where it was set; an attribute that is not there is false. */
export function flag(item: Item, name: string): boolean {
  const value = item[name];
  if (value !== undefined && value.BOOL === undefined) throw fault(name);
  return value?.BOOL === true;
}

/** One of a closed set: what this build does not know is not taken for something else. */
export function oneOf<T extends string>(values: readonly T[]): Read<T> {
  return (item, name) => {
    const value = text(item, name);
    const known = values.find((each) => each === value);
    if (known === undefined) throw fault(name);
    return known;
  };
}

/** A text of JSON that fits the schema. */
export function json<T extends z.core.$ZodType>(schema: T): Read<z.output<T>> {
  return (item, name) => {
    const value = text(item, name);
    try {
      return check(schema, parseStrictJson(value), 'storage-failed');
    } catch {
      throw fault(name);
    }
  };
}

/** The property, where the attribute is there: to be spread into a record. */
export function optional<K extends string, T>(item: Item, name: K, read: Read<T>): { readonly [P in K]?: T } {
  if (item[name] === undefined) return {};
  return { [name]: read(item, name) } as { readonly [P in K]: T };
}

export const S = (value: string): AttributeValue => ({ S: value });
export const N = (value: number): AttributeValue => ({ N: String(value) });
export const L = (values: readonly string[]): AttributeValue => ({ L: values.map(S) });
export const J = (value: object): AttributeValue => ({ S: JSON.stringify(value) });

/** The attribute, where there is a value: to be spread into an item. */
export function given<T>(name: string, write: (value: T) => AttributeValue, value: T | undefined): Item {
  return value === undefined ? {} : { [name]: write(value) };
}
