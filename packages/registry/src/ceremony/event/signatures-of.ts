import { kidOf } from '@symbolon/keys/kid';
import { isRight, type KeyName } from '../../history/signers-of.ts';
import { identityOf } from '../../metadata/keys.ts';
import type { Metadata } from '../../metadata/metadata.ts';
import type { Authority } from '../../metadata/threshold.ts';
import type { Draft } from '../draft.ts';
import { authoritiesOf } from './authorities.ts';
import { layOver } from './lay-over.ts';
import { metadataOf, type SigningEvent } from './signing-event.ts';

export interface RoleSignatures {
  readonly role: string;
  readonly version: number;
  /** Empty when nobody delegates to the role (`checkEvent` refuses that). Otherwise one, and where root or targets changes hands two. */
  readonly by: readonly SignaturesBy[];
}

export interface SignaturesBy {
  /** See `RoleAuthority`. */
  readonly of: 'current' | 'next';
  readonly required: boolean;
  readonly threshold: number;
  /** Whose signatures are there and right. */
  readonly signed: readonly KeyName[];
  /** Who may sign still. */
  readonly open: readonly KeyName[];
  /** How many more must sign; 0 when it is enough. */
  readonly missing: number;
}

/** Who has signed an event, and who has not: by the signatures themselves, each of which is checked here. */
export async function signaturesOf(
  event: SigningEvent,
  published: Draft | undefined,
): Promise<readonly RoleSignatures[]> {
  const overlay = layOver(event, published);
  return Promise.all(
    [...metadataOf(event)].map(async ([role, metadata]) => {
      const given = event.signatures.get(role) ?? new Map<string, string>();
      const by = authoritiesOf(overlay, role).map(async ({ of, required, authority }) => ({
        of,
        required,
        ...(await count(metadata, authority, given)),
      }));
      return { role, version: metadata.signed.version, by: await Promise.all(by) };
    }),
  );
}

async function count(
  metadata: Metadata<unknown>,
  authority: Authority,
  given: ReadonlyMap<string, string>,
): Promise<Pick<SignaturesBy, 'threshold' | 'signed' | 'open' | 'missing'>> {
  const { keys, keyids, threshold } = authority;
  const identities = new Set<string>();
  const [signed, open]: [KeyName[], KeyName[]] = [[], []];
  for (const keyid of keyids) {
    const jwk = keys.get(keyid);
    const sig = given.get(keyid);
    if (jwk === undefined) continue;
    const right = sig !== undefined && (await isRight(metadata, authority, keyid, sig));
    (right ? signed : open).push({ keyid, kid: kidOf(jwk) });
    // REQ-REG-004: distinct keys count.
    if (right) identities.add(identityOf(jwk));
  }
  return { threshold, signed, open, missing: Math.max(0, threshold - identities.size) };
}
