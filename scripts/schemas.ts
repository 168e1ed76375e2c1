import { writeFile } from 'node:fs/promises';
import { verdictSchema } from '@symbolon/verifier/verdict-schema';

/** Where the published schemas lie: for readers of the specification, and for those who import the package. `npm run schemas` writes them. */
export const SCHEMA_FILES: ReadonlyMap<string, () => string> = new Map(
  ['../docs/spec/verdict.schema.json', '../packages/verifier/verdict.schema.json'].map((path) => [
    new URL(path, import.meta.url).href,
    () => `${JSON.stringify(verdictSchema(), null, 2)}\n`,
  ]),
);

if (import.meta.main) for (const [url, text] of SCHEMA_FILES) await writeFile(new URL(url), text());
