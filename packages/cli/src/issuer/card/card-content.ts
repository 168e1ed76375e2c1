import { packQr } from '@symbolon/credential/qr/pack';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { RegionView, RegistryView } from '@symbolon/registry/registry-view';

interface Words {
  readonly en: string;
  readonly zh: string;
}

/** What stands on a card: the text of its QR code, and the same in words for people. */
export interface CardContent {
  readonly qr: string;
  readonly region: Words;
  /** The office that decided, where an objection goes. */
  readonly office: Words;
  readonly scheme: Words;
  readonly level: Words;
  readonly rule: string;
  readonly validUntil: Instant;
  /** Only where the scheme has an age. */
  readonly sampledAt?: Instant;
  readonly contested: boolean;
  /** Of a person; an asset has its public name. */
  readonly initials?: string;
  readonly asset?: string;
}

/** As much of the signed registry as a card takes its words from. */
export interface CardTrust {
  readonly view: Pick<RegionView, 'region'>;
  readonly registry: Pick<RegistryView, 'schemes' | 'dictionary'>;
}

/**
 * What to print of a minted card: of its details only whom it belongs to is disclosed, so that the code tells nothing that the card does not show anyway.
 *
 * @param sdJwt as the issuer minted it, with all its disclosures. Its signature is NOT verified here: the issuer has checked it, and every verifier will
 * @throws SymbolonError `credential-malformed` kinds of `parseSdJwt`; `minted-check-failed` when it is not this region's, of this scheme, and a bearer's
 */
export function cardContent(
  sdJwt: string,
  { view, registry }: CardTrust,
  asked: { readonly scheme: string; readonly initials?: string },
): CardContent {
  const whose = asked.initials === undefined ? 'asset' : 'initials';
  const shown = discloseSdJwt(sdJwt, [whose]);
  const { issuer, claims, details } = parseSdJwt(shown);
  const { region } = view;
  const scheme = own(registry.schemes, claims.scheme);
  const level = scheme?.levels.find(({ id }) => id === claims.level);
  const office = own(region.authorities, claims.authority);
  const isAsked = issuer === region.issuer && claims.scheme === asked.scheme && claims.bearer;
  if (!isAsked || scheme === undefined || level === undefined || office === undefined)
    throw new SymbolonError('minted-check-failed');
  // What a person at a gate compares is what the operator typed.
  if (asked.initials !== undefined && details['initials'] !== asked.initials)
    throw new SymbolonError('minted-check-failed');
  const name = details[whose] ?? '';
  return {
    qr: packQr(shown, registry.dictionary),
    region: region.names,
    office: office.names,
    scheme: scheme.titles,
    level: level.titles,
    rule: claims.rule,
    validUntil: claims.expiresAt,
    ...(claims.sampledAt !== undefined && { sampledAt: claims.sampledAt }),
    contested: claims.contested,
    ...(whose === 'initials' ? { initials: name } : { asset: name }),
  };
}
