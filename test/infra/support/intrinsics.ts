import * as z from 'zod/mini';

const Ref = z.strictObject({ Ref: z.string() });
const GetAtt = z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) });
const Join = z.strictObject({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });

/** What another stack exports, by a name with its stack in it. */
const ImportValue = z.strictObject({ 'Fn::ImportValue': z.string() });

/** What a reference stands for: `attribute` is undefined for a plain `Ref`. */
export type Resolve = (logicalId: string, attribute: string | undefined) => string;

/** A template's value as text, with its references resolved. */
export function textOf(value: unknown, resolve: Resolve): string {
  if (typeof value === 'string') return value;
  const ref = Ref.safeParse(value);
  if (ref.success) return resolve(ref.data.Ref, undefined);
  const attribute = GetAtt.safeParse(value);
  if (attribute.success) return resolve(...attribute.data['Fn::GetAtt']);
  const imported = ImportValue.safeParse(value);
  if (imported.success) return imported.data['Fn::ImportValue'];
  const [separator, parts] = Join.parse(value)['Fn::Join'];
  return parts.map((part) => textOf(part, resolve)).join(separator);
}
