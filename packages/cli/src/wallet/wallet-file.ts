import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PrivateJwk } from '@symbolon/keys/private-key';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check, InstantText, Name, RegionId, RuleRefText } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';

const HeldCredential = z.object({
  scheme: Name,
  format: z.enum(['dc+sd-jwt', 'ldp_vc']),
  credential: z.string(),
  key: PrivateJwk,
  /** Whose it is, where a guardian's wallet holds it. */
  dependant: z.optional(z.string()),
  receivedAt: InstantText,
  /** Shown once already: a wallet uses one credential for each showing session, so that verifiers cannot link them. */
  used: z.boolean(),
});
export type HeldCredential = z.output<typeof HeldCredential>;

const HeldReceipt = z.object({
  /** As it came: a `c2sp.org/tlog-proof@v1` text, or what the issuer gave for one. */
  text: z.string().check(z.maxLength(LIMITS.receiptBytes)),
  /** Who gave it, and with credentials of which scheme. */
  region: RegionId,
  scheme: Name,
  dependant: z.optional(z.string()),
  /** What all those credentials say; nothing where they cannot be read, or differ. */
  beside: z.optional(z.object({ level: Name, rule: RuleRefText, authority: Name })),
  /** When the newest batch of its decision came. */
  receivedAt: InstantText,
  /** What the last check said, with the registry of that time. */
  checked: z.object({
    at: InstantText,
    /** How many witnesses of the federation have seen its tree. */
    witnesses: z.int(),
    /** A code, where it proves nothing. */
    problem: z.optional(z.string()),
  }),
});
export type HeldReceipt = z.output<typeof HeldReceipt>;

const Wallet = z.object({
  symbolonTestWallet: z.literal(1),
  credentials: z.array(HeldCredential),
  /** One of each decision, for its holder only: none is ever part of what is shown. A wallet of before there were any has none. */
  receipts: z.optional(z.array(HeldReceipt)),
});
export type Wallet = z.output<typeof Wallet>;

/**
 * The wallet of `symbolon holder`, for tests and demonstrations: one file, readable by its owner only, holding the keys in clear. A phone's
 * wallet keeps them in hardware.
 *
 * @throws SymbolonError `input-unreadable` when the file is damaged
 */
export async function readWallet(path: string): Promise<Wallet> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { symbolonTestWallet: 1, credentials: [] };
    throw new SymbolonError('input-unreadable');
  }
  return check(Wallet, parseStrictJson(text), 'input-unreadable');
}

export async function writeWallet(path: string, wallet: Wallet): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.${process.pid}.tmp`;
  await writeFile(aside, `${JSON.stringify(z.encode(Wallet, wallet))}\n`, { mode: 0o600, flush: true });
  await chmod(aside, 0o600);
  await rename(aside, path);
}
