import { fromUtf8 } from '@symbolon/protocol/bytes';
import { POLICY_DEFAULTS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { Federation } from '@symbolon/protocol/schemas/federation';
import type { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { TARGETS } from '../../metadata/delegations.ts';
import { FEDERATION_FILE, ruleSchemeOfFile } from '../../registry-view/owners.ts';
import { readRuleSet } from '../../registry-view/region-files.ts';
import { regionIn } from '../checks/operators.ts';
import { contentOf } from '../content.ts';
import type { Draft } from '../draft.ts';
import { touchedSchemeFiles, unlessMalformed } from '../scheme-files.ts';
import { layOver } from './lay-over.ts';
import { metadataOf, type SigningEvent } from './signing-event.ts';
import { unpublishedPart } from './unpublished-part.ts';

/** A rule set that an event publishes, or whose scheme it changes. */
export interface RuleChange {
  /** `regions/CN-HA/rules.health.json` */
  readonly path: string;
  readonly scheme: Scheme;
  /** As it is published now. */
  readonly before: RuleSet | undefined;
  readonly after: RuleSet;
  /** The region has not published anything yet. */
  readonly isFirst: boolean;
  /** As the published federation asks for it: an event does not shorten the lead that it is held to. */
  readonly leadHours: number;
  /** Offices of the region. */
  readonly authorities: readonly string[];
}

/**
 * The rule sets that an event is about. Whether they compile, and keep the lead, is for whoever knows the language of rules. What cannot be read at all is
 * told by `checkEvent`, and left out here.
 */
export async function ruleChangesOf(
  event: SigningEvent,
  published: Draft | undefined,
): Promise<readonly RuleChange[]> {
  const part = await unpublishedPart(event, published);
  if (metadataOf(part).size === 0) return [];
  const overlay = unlessMalformed(() => layOver(part, published));
  if (overlay === undefined) return [];
  const { next } = overlay;
  const leadHours = leadHoursIn(published) ?? leadHoursIn(next) ?? POLICY_DEFAULTS.ruleLeadHours;
  return touchedSchemeFiles(overlay, ruleSchemeOfFile).flatMap(({ region, path, scheme }) => {
    const after = ruleSetIn(next, region, path, scheme.id);
    const file = unlessMalformed(() => regionIn(next, region));
    if (after === undefined || file === undefined) return [];
    const before = published && ruleSetIn(published, region, path, scheme.id);
    const isFirst = published?.roles.get(region) === undefined;
    const authorities = Object.keys(file.authorities);
    return [{ path, scheme, before, after, isFirst, leadHours, authorities }];
  });
}

function ruleSetIn(draft: Draft, region: string, path: string, scheme: string): RuleSet | undefined {
  const bytes = contentOf(draft, region, path);
  return bytes && unlessMalformed(() => readRuleSet(region, scheme, parseStrictJson(fromUtf8(bytes))));
}

/** @returns nothing without a federation file that can be read */
function leadHoursIn(draft: Draft | undefined): number | undefined {
  const bytes = draft && contentOf(draft, TARGETS, FEDERATION_FILE);
  const federation =
    bytes && unlessMalformed(() => check(Federation, parseStrictJson(fromUtf8(bytes)), 'metadata-malformed'));
  return federation && (federation.ruleLeadHours ?? POLICY_DEFAULTS.ruleLeadHours);
}
