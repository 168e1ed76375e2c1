import { decodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { DAY_SECONDS, HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { check, Octets32 } from '@symbolon/protocol/schemas/common';
import { DecisionLeaf, Opening } from '@symbolon/protocol/schemas/leaf';
import { isJsonObject, type Json, parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { commitmentOfText } from '../leaf/commitment.ts';
import { type LogTrust, openCheckpoint, requireWitnesses } from '../note/checkpoint.ts';
import { leafHash } from '../tree/hashes.ts';
import { checkInclusion } from '../tree/proofs.ts';
import { formatTlogProof, parseTlogProof } from './tlog-proof.ts';

/** What proves to anyone that a decision is in the log (protocol, section 9.7). It stays with the holder, and is in nothing that a verifier sees. */
export interface Receipt {
  readonly leaf: DecisionLeaf;
  readonly salt: Bytes;
  readonly opening: Opening;
  readonly index: number;
  readonly hashes: readonly Bytes[];
  /** A signed note. */
  readonly checkpoint: string;
}

export interface CheckedReceipt extends Receipt {
  /** Size of the tree that it was proven against. */
  readonly size: number;
  /** When each known witness saw that tree, by its name. */
  readonly cosigned: ReadonlyMap<string, Instant>;
}

const Extra = z.strictObject({ leaf: DecisionLeaf, opening: Opening, salt: Octets32 });

/** A `c2sp.org/tlog-proof@v1` text. */
export function formatReceipt({
  leaf,
  salt,
  opening,
  ...proof
}: Omit<Receipt, 'salt'> & { salt: string }): string {
  const extra = z.encode(Extra, { leaf, opening, salt });
  return formatTlogProof({ ...proof, extra: canonicalJson(extra) });
}

/** REQ-LOG-012. NOT verified. @throws SymbolonError `receipt-malformed` */
export function parseReceipt(text: string): Receipt {
  return readReceipt(text).receipt;
}

/** A receipt, and what is hashed to check it: leaf and opening in canonical JSON. */
interface ReadReceipt {
  readonly receipt: Receipt;
  readonly leafText: string;
  readonly openingText: string;
}

function readReceipt(text: string): ReadReceipt {
  const { extra, index, hashes, checkpoint } = parseTlogProof(text);
  if (extra === undefined) throw new SymbolonError('receipt-malformed');
  try {
    // What has this form is ASCII. A byte beyond it is in no form, whichever character is made of it.
    const json = parseStrictJson(extra);
    const { leaf, opening, salt } = check(Extra, json, 'receipt-malformed');
    if (isJsonObject(json)) {
      const receipt = { leaf, opening, salt: decodeBase64url(salt), index, hashes, checkpoint };
      // Each value has one text in these forms, so they need not be made of what was read.
      return { receipt, leafText: textOf(json['leaf']), openingText: textOf(json['opening']) };
    }
  } catch (cause) {
    if (!isSymbolonError(cause)) throw cause;
    throw new SymbolonError('receipt-malformed', { cause });
  }
  throw new SymbolonError('receipt-malformed');
}

/**
 * `canonicalJson` of a leaf or an opening, whose form was checked: nothing in them needs to be escaped, numbers are whole, and only a list of kids lies deeper.
 * What else canonical JSON asks for is the order of the names; where they have it, as the issuer writes them, the platform's own text is the same.
 */
function textOf(value: Json = null): string {
  if (!isJsonObject(value)) return canonicalJson(value);
  let before = '';
  for (const name in value) {
    if (name < before) return canonicalJson(value);
    before = name;
  }
  return JSON.stringify(value);
}

/**
 * Checks a receipt: salt and opening give the commitment of the leaf, and their time is in the leaf's hour or day; the leaf is in the tree, and the tree is the log's.
 *
 * @param isWitnessed whether the witnesses must have seen it: for a level that is adverse
 * @throws SymbolonError `receipt-malformed`, `receipt-commitment`, `inclusion-invalid`, `checkpoint-malformed`, `log-origin`, `log-signature`,
 *   `cosignature-invalid`, `witnesses-too-few`
 */
export async function checkReceipt(
  text: string,
  trust: LogTrust,
  isWitnessed: boolean,
): Promise<CheckedReceipt> {
  const { receipt, leafText, openingText } = readReceipt(text);
  // REQ-LOG-013
  if (commitmentOfText(receipt.salt, openingText) !== receipt.leaf.commitment || !isDated(receipt))
    throw new SymbolonError('receipt-commitment');
  const checkpoint = await openCheckpoint(receipt.checkpoint, trust);
  const { size, root, cosigned } = checkpoint;
  checkInclusion(leafHash(utf8(leafText)), receipt.index, size, root, receipt.hashes);
  if (isWitnessed) requireWitnesses(checkpoint, trust);
  return { ...receipt, size, cosigned };
}

const SECONDS = { hour: HOUR_SECONDS, day: DAY_SECONDS } as const;

/** Whether the decision was made in the hour, or on the day, that its leaf says. */
function isDated({ leaf: { at, per }, opening: { decidedAt } }: Receipt): boolean {
  return decidedAt >= at && decidedAt < at + SECONDS[per];
}
