import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Folders beside an event while it is replaced. Their names are ours and random: nobody else's folder is called so. */
export interface Aside {
  readonly path: string;
  /** `new`: what is being written. `former`: what it replaces. */
  readonly kind: 'new' | 'former';
}

const NAME = /^\.symbolon-(new|former)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** @param folder the event's, without a slash at its end */
export function newAside(folder: string, kind: Aside['kind']): string {
  return `${folder}.symbolon-${kind}-${randomUUID()}.tmp`;
}

/** What runs that broke off have left beside an event. */
export async function asidesOf(folder: string): Promise<readonly Aside[]> {
  const [parent, own] = [dirname(folder), basename(folder)];
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  return entries.flatMap(({ name }): Aside[] => {
    const kind = name.startsWith(own) ? NAME.exec(name.slice(own.length))?.[1] : undefined;
    return kind === 'new' || kind === 'former' ? [{ path: join(parent, name), kind }] : [];
  });
}
