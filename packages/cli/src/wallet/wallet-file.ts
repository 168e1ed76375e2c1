import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PrivateJwk } from '@symbolon/keys/private-key';
import { SymbolonError } from '@symbolon/protocol/errors';
import { check, InstantText, Name } from '@symbolon/protocol/schemas/common';
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

const Wallet = z.object({ symbolonTestWallet: z.literal(1), credentials: z.array(HeldCredential) });
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
