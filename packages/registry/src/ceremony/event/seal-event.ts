import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { rootFile } from '../../metadata/file-names.ts';
import type { ReadFile } from '../../registry-view/source.ts';
import { type Draft, startDraft, withRoot } from '../draft.ts';
import type { OnlineSigners } from '../online-roles.ts';
import { type Publication, seal } from '../seal.ts';
import { adoptRole } from '../update-role.ts';
import { assemble } from './assemble.ts';
import { checkEvent, refuse } from './check-event.ts';
import { layOver, type Overlay } from './lay-over.ts';
import { signaturesOf } from './signatures-of.ts';
import { metadataOf, ROOT, type SigningEvent } from './signing-event.ts';
import { unpublishedPart } from './unpublished-part.ts';

/**
 * Closes an event: checks anew, from its files alone, all that `checkEvent` checks, that enough have signed, and that clients will accept it; then
 * signs snapshot and timestamp over it. When another publication came first, the event still counts if that one touched none of its roles.
 *
 * Sealing again after a publication that broke off is right: role files have the same bytes again, and what else was left does no harm.
 *
 * @param published what is published now (`openDraft`); nothing for the first publication
 * @param signers of snapshot and timestamp. Where those change hands, the new ones, and the old ones, too, if they are there still
 * @param store for the first publication: how files are read where it will be published, so that what was left there is passed over
 * @throws SymbolonError `event-published`, `publication-conflict`, `event-unsigned` (`path` the role, `bound` how many are missing), what `checkEvent`
 * finds (several are in `cause`, an AggregateError), what `seal` throws
 */
export async function sealEvent(
  event: SigningEvent,
  published: Draft | undefined,
  signers: OnlineSigners,
  now: Instant,
  store?: ReadFile,
): Promise<Publication> {
  refuse(await checkEvent(event, published, now));
  const part = await unpublishedPart(event, published);
  refuse(await unsignedRoles(part, published));
  const read = published?.read ?? store;
  const overlay = layOver(part, published);
  const files = new Map<string, Bytes>();
  for (const [role, metadata] of metadataOf(part)) {
    files.set(role, await assemble(overlay, role, metadata, read));
  }
  return seal(await adopt(overlay, files, read), signers, now, event.title);
}

async function unsignedRoles(event: SigningEvent, published: Draft | undefined): Promise<SymbolonError[]> {
  return (await signaturesOf(event, published)).flatMap(({ role, by }) => {
    const missing = by.reduce((sum, each) => sum + (each.required ? each.missing : 0), 0);
    // REQ-CER-011
    return missing > 0 ? [new SymbolonError('event-unsigned', { path: role, bound: missing })] : [];
  });
}

/** Whoever delegates comes before those whom it delegates to. */
async function adopt(
  { event, published, after }: Overlay,
  files: ReadonlyMap<string, Bytes>,
  read: ReadFile | undefined,
): Promise<Draft> {
  const root = files.get(ROOT);
  let draft = published ?? { ...(await startDraft(root ?? new Uint8Array())), ...(read && { read }) };
  const ahead = draft.files.has(rootFile(event.root?.signed.version ?? 0));
  if (root !== undefined && !ahead) draft = await withRoot(draft, root);
  const depth = (role: string) => after.get(role)?.depth ?? 0;
  for (const role of [...event.roles.keys()].toSorted((a, b) => depth(a) - depth(b))) {
    const bytes = files.get(role);
    if (bytes !== undefined) draft = await adoptRole(draft, { role, bytes, targets: event.targets });
  }
  return draft;
}
