import type { Key } from './items.ts';

/** The partition of what is kept about one subject. */
export function subjectKey(subject: string): string {
  return `SUBJECT#${subject}`;
}

/** An item that is alone in its partition. */
export function alone(pk: string): Key {
  return { pk, sk: '-' };
}

/** DynamoDB orders sort keys as text, so a number is written in a fixed number of digits. */
export function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
