import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Draft } from '@symbolon/registry/ceremony/draft';
import { checkEvent } from '@symbolon/registry/ceremony/event/check-event';
import { ruleChangesOf } from '@symbolon/registry/ceremony/event/rule-changes';
import { sealEvent } from '@symbolon/registry/ceremony/event/seal-event';
import { signaturesOf } from '@symbolon/registry/ceremony/event/signatures-of';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { publish } from '@symbolon/registry/ceremony/publish';
import type { Publication } from '@symbolon/registry/ceremony/seal';
import { ruleSetFaults } from '@symbolon/rules/lead';
import type { RegistryPublish } from './dependencies.ts';
import { delegatorsOf, GLANCED_ROLES, glanceAt, newRolesOf } from './glance.ts';
import { standingOf } from './standing.ts';

/** The hourly timestamp, and other regions, publish at the same time: whoever loses the race starts again on top of what won. */
const TRIES = 4;

export type Outcome =
  | {
      readonly is: 'published';
      readonly snapshotVersion: number;
      readonly files: number;
      readonly tries: number;
    }
  | { readonly is: 'there already'; readonly snapshotVersion: number }
  | { readonly is: 'refused'; readonly fault: SymbolonError };

/**
 * Checks a signing event as every admin's own machine does, seals it by the online key and publishes it. Who may publish is said by the thresholds alone.
 *
 * @throws SymbolonError `publication-conflict`, `clock` when others came first each time; what reading and signing throws
 */
export async function publishEvent(world: RegistryPublish, event: SigningEvent): Promise<Outcome> {
  // Costs nothing: whoever has no signature at all does not make the registry be read.
  if (event.signatures.size === 0) return refused('event-unsigned');
  const { objects, signers, memory } = world;
  const pinnedRoot = await world.pinnedRoot();
  for (let tries = 1; ; tries++) {
    // Read anew each time: the timestamp that won may be younger than this request.
    const now = world.clock();
    const early = await atAGlance(world, event, pinnedRoot, now);
    if (early !== undefined) return early;
    const published = await memory.open(objects, pinnedRoot, now);
    const fault = await faultOf(event, published, now);
    const snapshotVersion = published.base?.view.version ?? 0;
    if (fault?.code === 'event-published') return { is: 'there already', snapshotVersion };
    if (fault !== undefined) return { is: 'refused', fault };
    try {
      const online = { snapshot: signers, timestamp: signers };
      const publication = await sealEvent(event, published, online, now);
      await publish(objects, publication);
      const { size: files } = publication.files;
      return { is: 'published', snapshotVersion: versionOf(publication), files, tries };
    } catch (error) {
      if (!isLostRace(error) || tries === TRIES) throw error;
    }
  }
}

/**
 * What can be said by the top of the registry alone. Nobody has to sign in, so what anyone can send must cost little: garbage, and what was published
 * before and is public.
 */
async function atAGlance(
  { objects, memory }: RegistryPublish,
  event: SigningEvent,
  pinnedRoot: Bytes,
  now: Instant,
): Promise<Outcome | undefined> {
  const kept = await memory.current(objects);
  const glance = (roles: readonly string[]) => glanceAt(memory.reader(objects), pinnedRoot, roles, now);
  const published = kept ?? (await glance([]));
  const standing = await standingOf(event, published, (path) => objects.read(path));
  if (standing === 'there already')
    return { is: 'there already', snapshotVersion: published.base?.view.version ?? 0 };
  if (standing === 'overtaken') return refused('publication-conflict');
  const first = newRolesOf(event, published).slice(0, GLANCED_ROLES);
  const roles = new Map([...event.roles].filter(([role]) => first.includes(role)));
  const isDeep = kept === undefined && first.some((role) => delegatorsOf(role).length > 0);
  const fault = await unsignedIn({ ...event, roles }, isDeep ? await glance(first) : published);
  return fault && { is: 'refused', fault };
}

function refused(code: 'event-unsigned' | 'publication-conflict'): Outcome {
  return { is: 'refused', fault: new SymbolonError(code) };
}

/** Signatures before content: what nobody signed is not looked at any further. */
async function faultOf(
  event: SigningEvent,
  published: Draft,
  now: Instant,
): Promise<SymbolonError | undefined> {
  return (
    (await unsignedIn(event, published)) ??
    (await checkEvent(event, published, now))[0] ??
    // REQ-RUL-006, REQ-RUL-010
    (await ruleChangesOf(event, published)).flatMap((change) => ruleSetFaults(change, now))[0]
  );
}

async function unsignedIn(event: SigningEvent, published: Draft): Promise<SymbolonError | undefined> {
  for (const { role, by } of await signaturesOf(event, published)) {
    const missing = by.reduce((sum, each) => sum + (each.required ? each.missing : 0), 0);
    // REQ-CER-011. A role that nobody delegates to has no one who could have signed it.
    if (by.length === 0 || missing > 0)
      return new SymbolonError('event-unsigned', { path: role, bound: missing });
  }
  return undefined;
}

function isLostRace(error: unknown): boolean {
  return isSymbolonError(error) && (error.code === 'publication-conflict' || error.code === 'clock');
}

function versionOf({ files }: Publication): number {
  const [version = 0] = [...files.keys()].flatMap((path) => {
    const found = /^metadata\/(\d+)\.snapshot\.json$/.exec(path)?.[1];
    return found === undefined ? [] : [Number(found)];
  });
  return version;
}
