import { encodeBase64url } from '@symbolon/protocol/base64url';
import type { Instant } from '@symbolon/protocol/instant';
import type { RandomBytes } from '@symbolon/protocol/random';
import { type Ended, type EndPorts, endLivingCredentials } from '../lists/end-credentials.ts';
import type { EnrolmentStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { type AbsorbPorts, absorb } from './absorb.ts';
import { mergedAway } from './merged-entry.ts';
import { noteLiving } from './note-living.ts';
import { resolveSubject } from './resolve.ts';

export interface RevokePorts extends AbsorbPorts, EndPorts {
  readonly random: RandomBytes;
}

/**
 * A lost phone: ends every code of a subject, those too that were given out for subjects which were merged into it, and every living credential.
 *
 * Order: the subject's own codes, merges that have begun, the codes of all that were merged into it, the credentials, the entry. The codes come first: whoever
 * has the phone has one, and a batch that is being minted is not handed out any more. After a crash an operator gives out another code, to revoke with.
 *
 * @throws SymbolonError `subject-unknown`, and what finishing a merge throws
 */
export async function revokeEverything(
  ports: RevokePorts & { readonly enrolments: EnrolmentStore },
  publication: Publication,
  id: string,
  now: Instant,
): Promise<Ended> {
  const profile = await resolveSubject(ports.subjects, id);
  await ports.enrolments.endAll(profile.subject);
  // What a merge has not copied yet could neither be ended nor be told.
  const { subject } = await absorb(ports, publication, profile, now);
  for (const merged of await mergedAway(ports, subject)) await ports.enrolments.endAll(merged);
  return endAndTell(ports, subject, now);
}

/**
 * Ends the living credentials of a dependant, for a guardian who may ask for it: their phone is lost, and the dependant's credentials were on it. Codes stay as
 * they are. That the guardian may ask is NOT checked here.
 *
 * @throws SymbolonError as `revokeEverything`
 */
export async function revokeCredentials(
  ports: RevokePorts,
  publication: Publication,
  id: string,
  now: Instant,
): Promise<Ended> {
  const profile = await resolveSubject(ports.subjects, id);
  const { subject } = await absorb(ports, publication, profile, now);
  return endAndTell(ports, subject, now);
}

async function endAndTell(ports: RevokePorts, subject: string, now: Instant): Promise<Ended> {
  const ended = await endLivingCredentials(ports, subject, undefined, now, 'revoke');
  const id = `revoked-${encodeBase64url(ports.random(12))}`;
  await noteLiving(ports, subject, { id, at: now, kind: 'credentials-revoked' });
  return ended;
}
