import { unpackQr } from '@symbolon/credential/qr/unpack';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import { fromUtf8 } from '@symbolon/protocol/bytes';
import { requirementOf } from '@symbolon/protocol/codes';
import { formatInstant, type Instant, isInstant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { STEPS, Verdict } from '@symbolon/protocol/schemas/verdict';
import type { Trust } from '@symbolon/verifier/trust';
import { verify } from '@symbolon/verifier/verify';
import { expect } from 'vitest';
import * as z from 'zod/mini';

/** Asks for a verdict and holds it to what every verdict must keep, beside what the test expects of it. */

export interface Gate {
  readonly trust: Trust;
  readonly policy: Policy;
  readonly now: Instant;
}

/** One presentation, or several that are shown together. */
export type Shown = string | readonly string[];

/** Keeps its schema; every finding cites its requirement. */
export async function verdictAt(text: Shown, { trust, policy, now }: Gate): Promise<Verdict> {
  const verdict = await verify(text, trust, policy, now);
  expect(z.decode(Verdict, z.encode(Verdict, verdict))).toEqual(verdict);
  for (const { code, requirement } of verdict.findings) expect(requirement).toBe(requirementOf(code));
  return verdict;
}

export async function expectAccepted(text: Shown, gate: Gate, ...codes: readonly string[]): Promise<Verdict> {
  const verdict = await verdictAt(text, gate);
  expect(summary(verdict)).toEqual({ outcome: 'accepted', codes });
  return verdict;
}

export async function expectReferred(text: Shown, gate: Gate, ...codes: readonly string[]): Promise<void> {
  expect(summary(await verdictAt(text, gate))).toEqual({ outcome: 'referred', codes });
}

/** Authentic, but refused: exactly these findings, in their order. */
export async function expectNotAccepted(text: Shown, gate: Gate, ...codes: readonly string[]): Promise<void> {
  expect(summary(await verdictAt(text, gate))).toEqual({ outcome: 'not-accepted', codes });
}

/** Refused with exactly this code, and nothing of what was shown is in the verdict. */
export async function expectNotAuthentic(text: Shown, gate: Gate, code: string): Promise<void> {
  const verdict = await verdictAt(text, gate);
  expect(summary(verdict)).toEqual({ outcome: 'not-authentic', codes: [code] });
  for (const one of typeof text === 'string' ? [text] : text) expectNothingOf(one, verdict, gate);
}

export function summary(verdict: Verdict): { outcome: string; codes: string[] } {
  const outcome = verdict.outcome === 'refused' ? verdict.reason : verdict.outcome;
  return { outcome, codes: verdict.findings.map(({ code }) => code) };
}

/** No text or time of the presentation is in a verdict that hands nothing on. */
export function expectNothingOf(
  text: string,
  verdict: Verdict,
  { trust, now }: Pick<Gate, 'trust' | 'now'>,
): void {
  const told = leavesOf(z.encode(Verdict, verdict));
  // What a verdict says anyway: its times, and the steps (`key` is a part of `did:key`, too).
  const known: readonly string[] = [formatInstant(now), formatInstant(trust.registry.signedAt), ...STEPS];
  const traces = tracesOf(unpacked(text, trust)).filter((trace) => !known.includes(trace));
  expect(told.filter((leaf) => traces.includes(leaf))).toEqual([]);
  const long = traces.filter((trace) => trace.length >= 8);
  expect(told.filter((leaf) => long.some((trace) => leaf.includes(trace)))).toEqual([]);
  const regions = Object.keys(trust.registry.regions);
  expect(told.filter((leaf) => regions.includes(leaf))).toEqual([]);
}

function unpacked(text: string, { registry }: Trust): string {
  try {
    return unpackQr(text.trim(), registry.dictionary);
  } catch {
    return text;
  }
}

/** Every part of a presentation, every text and time within the parts that can be read, and what URLs and URNs are made of. */
function tracesOf(text: string): string[] {
  const parts = text.split(/[~.]/).filter((part) => part.length > 2);
  const inside = [text, ...parts].flatMap((part) => {
    const value = readable(part);
    return value === undefined ? [] : leavesOf(value);
  });
  const names = inside.filter((leaf) => !/^\d/.test(leaf));
  const pieces = names.flatMap((leaf) => leaf.split(/[:/@#]/)).filter((piece) => piece.length > 2);
  return [...parts, ...inside, ...pieces];
}

function readable(part: string): unknown {
  for (const read of [() => part, () => fromUtf8(decodeBase64url(part))]) {
    try {
      return JSON.parse(read());
    } catch {
      // Not this way.
    }
  }
  return undefined;
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return value.length > 2 ? [value] : [];
  if (isInstant(value) && value > 1_000_000_000) return [formatInstant(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}
