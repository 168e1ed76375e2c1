const FEDERAL: readonly string[] = ['root', 'targets', 'snapshot', 'timestamp'];

/** The region that a role `<id>` or `<id>.keys` speaks for; nothing for the roles of the federation. */
export function regionOfRoleName(role: string): string | undefined {
  return FEDERAL.includes(role) ? undefined : role.replace(/\.keys$/, '');
}
