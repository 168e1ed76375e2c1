import { type KeyDescription, readAloud } from '../../custody/describe-key.ts';
import { print } from '../../output/terminal.ts';

/** A key for people: what they compare comes last, and in groups. */
export function printKey({ kid, alg, thumbprint }: KeyDescription, more: readonly string[] = []): void {
  const [first = '', ...rest] = readAloud(thumbprint);
  for (const line of [
    `kid         ${kid}`,
    `algorithm   ${alg}`,
    ...more,
    `thumbprint  ${first}`,
    ...rest.map((line) => `            ${line}`),
  ]) {
    print(line);
  }
}
