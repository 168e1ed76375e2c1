import { SymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import type { KnownRegion } from '../open-region.ts';
import type { Reportable } from './input-line.ts';

/**
 * What a source may report in this region, by the signed registry: told before anything is sent.
 *
 * @throws SymbolonError `source-unknown`, `scheme-unknown`
 */
export function reportableOf(
  { view, registry, now }: Pick<KnownRegion, 'view' | 'registry' | 'now'>,
  { source: name, scheme: id }: { readonly source: string; readonly scheme: string },
  kid: string,
): Reportable {
  const source = own(view.region.sources ?? {}, name);
  if (source === undefined) throw new SymbolonError('source-unknown', { path: '--source' });
  if (!source.keys.some((key) => key.kid === kid))
    throw new SymbolonError('source-unknown', { path: '--source-key' });
  const scheme = own(registry.schemes, id);
  if (scheme === undefined) throw new SymbolonError('scheme-unknown');
  const types = own(source.facts, id);
  if (types === undefined) throw new SymbolonError('source-unknown', { path: '--scheme' });
  return { scheme, types, now };
}
