import type { Instant } from '@symbolon/protocol/instant';
import type { PublicationLeaf, PublishedItem } from '@symbolon/protocol/schemas/leaf';
import { openRegistry } from '@symbolon/registry/open-registry';
import type { FederationFixture } from './federation-fixture.ts';
import { RegistryLogWorld } from './registry-log.ts';

type KeyItem = Extract<PublishedItem, { keys: unknown }>;

/** What is published, name by name: what a publication brings that the one before had not is the difference of two. */
interface Content {
  readonly roles: ReadonlyMap<string, readonly string[]>;
  readonly keys: ReadonlyMap<string, readonly KeyItem[]>;
  readonly rules: readonly { region: string; scheme: string; rule: string; digest: string }[];
}

/** Logs what is published: `first` when the log begins with it. */
export class PublicationLogger {
  #before: Content | undefined;
  readonly #fixture: FederationFixture;
  readonly world: RegistryLogWorld;

  constructor(fixture: FederationFixture, world = new RegistryLogWorld()) {
    this.#fixture = fixture;
    this.world = world;
  }

  /** @param changes what the log's key says besides the truth */
  async log(now: Instant, changes: Partial<PublicationLeaf> = {}): Promise<PublicationLeaf> {
    const { files, pinnedRoot } = this.#fixture;
    const { view, state, signedRoles } = await openRegistry({
      read: files,
      pinnedRoot,
      now,
      expiry: 'offline',
    });
    const content: Content = {
      roles: new Map([...signedRoles].map(([role, { keyids }]) => [role, keyids])),
      keys: new Map(
        Object.entries(view.regions).map(([region, { keys }]) => [
          region,
          keys.map(({ kid, use, notBefore }) => ({ region, keys: [{ kid, use, notBefore }], revoked: [] })),
        ]),
      ),
      rules: Object.entries(state.ruleHashes).map(([name, digest]) => {
        const [region = '', scheme = '', rule = ''] = name.split('/');
        return { region, scheme, rule, digest };
      }),
    };
    const leaf: PublicationLeaf = {
      v: 1,
      kind: 'publication',
      version: view.version,
      sha256: view.snapshotSha256,
      root: state.rootVersion,
      at: view.publishedAt ?? now,
      first: this.#before === undefined,
      part: 1,
      parts: 1,
      items: itemsOf(content, this.#before),
      ...changes,
    };
    this.#before = content;
    this.world.add(leaf);
    return leaf;
  }
}

function itemsOf(now: Content, before: Content | undefined): PublishedItem[] {
  const roles = [...now.roles].flatMap(([role, keyids]): PublishedItem[] => {
    const old = before?.roles.get(role);
    const fresh = keyids.filter((keyid) => old?.includes(keyid) !== true);
    if (fresh.length === 0) return [];
    return [
      before !== undefined && old === undefined
        ? { role, keyids: fresh, first: true }
        : { role, keyids: fresh },
    ];
  });
  const keys = [...now.keys].flatMap(([region, all]) => {
    const old = (before?.keys.get(region) ?? []).map((item) => JSON.stringify(item));
    return all.filter((item) => !old.includes(JSON.stringify(item)));
  });
  const rules = now.rules
    .filter((rule) => !(before?.rules ?? []).some((old) => JSON.stringify(old) === JSON.stringify(rule)))
    .map(
      ({ region, scheme, rule, digest }): PublishedItem => ({ region, scheme, rules: [{ rule, digest }] }),
    );
  return [...roles, ...keys, ...rules];
}
