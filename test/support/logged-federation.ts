import type { Signer } from '@symbolon/keys/signer';
import { SAMPLE_FEDERATION } from '@symbolon/local/sample/federation';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { writeBundle } from '@symbolon/registry/bundle';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import type { ClientState } from '@symbolon/registry/client-state';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { jsonFile } from '@symbolon/registry/json-file';
import { REGISTRY_LOG_FILE } from '@symbolon/registry/open-bundle';
import { type OpenedTrust, openTrust } from '@symbolon/verifier/open-trust';
import type { Gate } from './expect-verdict.ts';
import { type FederationFixture, publishUpdate } from './federation-fixture.ts';
import { PublicationLogger } from './publication-logger.ts';
import { LOG_PLACE, type LogJson, logFile, type RegistryLogWorld, WITNESSES } from './registry-log.ts';
import { foundFederation, GATE, SIGNED_AT } from './verifier-federation.ts';
import { show, UNLISTED } from './verifier-showings.ts';

/** When the log of the registry begins, and times after that. */
export const BEGIN: Instant = addHours(SIGNED_AT, 1);
export const after = (hours: number): Instant => addHours(BEGIN, hours);

export interface Opening {
  /** What the bundle says of the log; nothing at all, when it is given so. */
  readonly json?: LogJson | undefined;
  /** The same as it lies there. */
  readonly file?: Bytes;
  readonly files?: ReadonlyMap<string, Bytes>;
  readonly state?: ClientState;
}

/** The sample federation as the attack stories on verifiers find it, with a log of its registry. */
export interface LoggedFederation {
  readonly fixture: FederationFixture;
  readonly logger: PublicationLogger;
  readonly world: RegistryLogWorld;
  /** Says that the registry is current: a publication of its own, in the log. */
  renew(now: Instant): Promise<void>;
  openedAt(now: Instant, opening?: Opening): Promise<OpenedTrust>;
  /** A credential of this hour from Beijing, shown now. */
  shownAt(now: Instant, signer?: Signer): Promise<string>;
}

/** @param url where the log is, for who asks it */
export async function loggedFederation(url: string = LOG_PLACE.url): Promise<LoggedFederation> {
  const fixture = await foundFederation();
  const federation = { ...SAMPLE_FEDERATION, log: { ...LOG_PLACE, url }, witnesses: WITNESSES };
  const put = new Map([['federation.json', jsonFile(federation)]]);
  await publishUpdate(fixture, BEGIN, (draft) =>
    updateRole(draft, { role: 'targets', put }, fixture.admins, BEGIN),
  );
  const logger = new PublicationLogger(fixture);
  const { world } = logger;
  await logger.log(BEGIN);
  const logOf = async (now: Instant, opening: Opening): Promise<Bytes | undefined> => {
    if (opening.file !== undefined) return opening.file;
    const json = 'json' in opening ? opening.json : await world.json(now);
    return json && logFile(json);
  };
  return {
    fixture,
    logger,
    world,
    renew: async (now) => {
      await publishUpdate(fixture, now, async (draft) => draft);
      await logger.log(now);
    },
    openedAt: async (now, opening = {}) => {
      const log = await logOf(now, opening);
      const files = new Map(await collectBundle({ read: opening.files ?? fixture.files }));
      if (log !== undefined) files.set(REGISTRY_LOG_FILE, log);
      const state = opening.state === undefined ? {} : { state: opening.state };
      return openTrust({ bundle: await writeBundle(files), pinnedRoot: fixture.pinnedRoot, now, ...state });
    },
    shownAt: (now, signer = fixture.regions['CN-BJ'].credential) => {
      const issuedAt = hourFloor(now);
      const claims = { ...UNLISTED, issuedAt, expiresAt: addHours(issuedAt, 6) };
      return show(fixture, { claims, signer, at: now });
    },
  };
}

export const gateOf = ({ trust }: OpenedTrust, now: Instant): Gate => ({ trust, policy: GATE, now });
