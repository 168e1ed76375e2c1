import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { RegionView, RegistryView } from '@symbolon/registry/registry-view';
import type * as z from 'zod/mini';
import { systemNow } from '../clock.ts';
import { note } from '../output/terminal.ts';
import { loadTrust } from '../trust/load-trust.ts';
import { postJson } from '../wallet/post-json.ts';

/** A region as the trust folder knows it, never by a link. */
export interface KnownRegion {
  readonly view: RegionView;
  readonly registry: RegistryView;
  readonly now: Instant;
  /** Posts to the region's issuer, and checks the answer. */
  ask<T extends z.core.$ZodType>(
    schema: T,
    path: string,
    body: object,
    bearer?: string,
  ): Promise<z.output<T>>;
}

/** @throws SymbolonError `issuer-unknown`, what opening the trust throws */
export async function openRegion(id: string, { trust }: { readonly trust: string }): Promise<KnownRegion> {
  const now = systemNow();
  const { registry } = await loadTrust({ trust, now, warn: note });
  const view = own(registry.regions, id);
  if (view === undefined) throw new SymbolonError('issuer-unknown');
  const { issuer } = view.region.endpoints;
  return {
    view,
    registry,
    now,
    ask: (schema, path, body, bearer) => postJson(schema, `${issuer}${path}`, body, bearer),
  };
}
