import { SymbolonError } from './errors.ts';

/** Ids of the protocol (protocol, section 1). They are URL-safe and never personal. */

const SEGMENT = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?';
const REGION = new RegExp(`^${SEGMENT}(?:\\.${SEGMENT}){0,3}$`);
const NAME = /^[a-z][a-z0-9-]{0,47}$/;
const RULE_REF = /^[a-z][a-z0-9-]{0,47}@[1-9][0-9]{0,5}$/;
const KID = /^[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048]$/;
const VCT = /^urn:symbolon:([a-z][a-z0-9-]{0,47}):([1-9][0-9]{0,3})$/;

/** The same for published schemas, as `pattern` of JSON Schema. That of a region's id lets the reserved segment through. */
export const ID_PATTERNS = { region: REGION.source, name: NAME.source, ruleRef: RULE_REF.source } as const;

/** `CN-HA`, `CN-HB.wuhan`: ISO 3166, nested with dots, at most four deep; the segment `keys` is reserved. */
export function isRegionId(text: string): boolean {
  return REGION.test(text) && !text.split('.').includes('keys');
}

/** Name of a scheme, level, authority, rule, fact type, purpose or group: `health`, `green`, `cdc`. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

export function isRuleRef(text: string): boolean {
  return RULE_REF.test(text);
}

/** First 8 bytes of the RFC 7638 thumbprint, base64url: 11 characters. REQ-DEC-017: of the last one two bits are unused, and zero. */
export function isKid(text: string): boolean {
  return KID.test(text);
}

/** `urn:symbolon:<scheme>:<major>` */
export function isVct(text: string): boolean {
  return VCT.test(text);
}

export interface RuleRef {
  readonly id: string;
  readonly version: number;
}

/** @throws SymbolonError `id-malformed` */
export function parseRuleRef(text: string): RuleRef {
  if (!isRuleRef(text)) throw new SymbolonError('id-malformed');
  const at = text.indexOf('@');
  return { id: text.slice(0, at), version: Number(text.slice(at + 1)) };
}

export function formatRuleRef(ref: RuleRef): string {
  return `${ref.id}@${ref.version}`;
}

export interface SchemeRef {
  readonly scheme: string;
  readonly major: number;
}

/** Reads a `vct`: `urn:symbolon:<scheme>:<major>`. @throws SymbolonError `id-malformed` */
export function parseVct(text: string): SchemeRef {
  const match = VCT.exec(text);
  if (match?.[1] === undefined) throw new SymbolonError('id-malformed');
  return { scheme: match[1], major: Number(match[2]) };
}

export function formatVct(ref: SchemeRef): string {
  return `urn:symbolon:${ref.scheme}:${ref.major}`;
}

/** The region that delegates `id`: `CN-HB` for `CN-HB.wuhan`, nothing for a top-level region. */
export function parentRegion(id: string): string | undefined {
  const dot = id.lastIndexOf('.');
  return dot < 0 ? undefined : id.slice(0, dot);
}
