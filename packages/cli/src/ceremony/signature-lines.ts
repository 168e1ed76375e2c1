import type { RoleSignatures, SignaturesBy } from '@symbolon/registry/ceremony/event/signatures-of';

/** Who has signed which file, and who still must: by kid, as people know each other's keys. */
export function signatureLines(roles: readonly RoleSignatures[]): readonly string[] {
  const lines = roles.flatMap(({ role, version, by }) =>
    by.map((each) => ({ name: `${role} ${version}${whose(each, by.length)}`, state: stateOf(each) })),
  );
  const width = Math.max(...lines.map(({ name }) => name.length));
  return lines.map(({ name, state }) => `${name.padEnd(width)}  ${state}`);
}

/** Root is signed by the keys that it takes the role from, too. */
function whose({ of }: SignaturesBy, count: number): string {
  if (count === 1) return '';
  return of === 'current' ? ' (keys until now)' : ' (keys from then on)';
}

function stateOf({ required, threshold, signed, open, missing }: SignaturesBy): string {
  const kids = (keys: readonly { readonly kid: string }[]) => keys.map(({ kid }) => kid).join(', ');
  const by = signed.length === 0 ? '' : `; signed by ${kids(signed)}`;
  if (missing === 0) return `enough${by}`;
  return required
    ? `needs ${threshold}${by}; ${missing} of ${kids(open)} must sign`
    : `optional${by}; ${kids(open)} may sign`;
}
