import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EpochUse } from '@symbolon/issuer/ports';
import { openKeyFile, sealKeyFile } from '@symbolon/keys/key-file';
import { kidOf } from '@symbolon/keys/kid';
import { generatePrivateKey, type PrivateJwk, publicPart } from '@symbolon/keys/private-key';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { systemRandom } from '@symbolon/protocol/random';
import { readSecretFile } from '../files/secret-file.ts';
import { SAMPLE_WITNESSES } from '../sample/logs.ts';
import { ALL_SAMPLE_REGIONS, SAMPLE_REGIONS } from '../sample/regions.ts';
import type { DataFolder } from './data-folder.ts';
import { LOCAL_OVERSEERS, operatorNames, sourceKeyName, sourceNamesOf } from './operators.ts';

/** The passphrase is 128 random bits, which no number of tries finds: stretching it would only slow the start. */
const ITERATIONS = 1000;

/** Files of the local network that hold secrets. Everyone's are on one machine here; in the world each holder keeps their own. */
export const SECRET = {
  passphrase: ['secrets', 'passphrase'],
  key: (name: string) => ['keys', `${name}.jwe`],
  /** A folder: the issuing and status keys of a region, one file a key. */
  epochKeys: (region: string) => ['epoch-keys', region, ''],
  blindIndex: (region: string) => ['secrets', `${region}.blind-index`],
  sealing: (region: string) => ['secrets', `${region}.sealing`],
  operatorJwks: ['secrets', 'operators.jwks.json'],
} as const;

/** Makes a key, seals it into its file and gives it out once. */
export async function makeKey(folder: DataFolder, name: string, passphrase: string): Promise<PrivateJwk> {
  const key = await generatePrivateKey('ES256');
  await writeSecret(folder, SECRET.key(name), await sealKeyFile(key, passphrase, ITERATIONS));
  return key;
}

/** The same for a log or a witness: their notes take Ed25519 only. */
export async function makeNoteKey(folder: DataFolder, name: string, passphrase: string): Promise<PrivateJwk> {
  const key = await generatePrivateKey('EdDSA');
  await writeSecret(folder, SECRET.key(name), await sealKeyFile(key, passphrase, ITERATIONS));
  return key;
}

export async function openKey(folder: DataFolder, name: string): Promise<PrivateJwk> {
  return openKeyFile(await readSecretFile(folder.file(...SECRET.key(name))), await readPassphrase(folder));
}

export function readPassphrase(folder: DataFolder): Promise<string> {
  return readSecretFile(folder.file(...SECRET.passphrase));
}

/** The first key of a use, where the region's functions look for it; the next ones they make themselves. */
export async function makeEpochKey(
  folder: DataFolder,
  region: string,
  use: EpochUse,
  passphrase: string,
): Promise<PrivateJwk> {
  const key = await generatePrivateKey('ES256');
  const file = [...SECRET.epochKeys(region), use, `${kidOf(publicPart(key))}.jwe`];
  await writeSecret(folder, file, await sealKeyFile(key, passphrase, ITERATIONS));
  return key;
}

export async function makeSecret(
  folder: DataFolder,
  parts: readonly string[],
  bytes: number,
): Promise<string> {
  const secret = encodeBase64url(systemRandom(bytes));
  await writeSecret(folder, parts, secret);
  return secret;
}

export async function writeSecret(folder: DataFolder, parts: readonly string[], text: string): Promise<void> {
  const path = folder.file(...parts);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, text, { mode: 0o600, flush: true });
}

/** Opens every key and looks at every secret, so that a missing one is told at the start and not by a function later. */
export async function checkSecrets(folder: DataFolder): Promise<void> {
  const names = (await readdir(folder.file('keys'))).map((file) => file.replace(/\.jwe$/, ''));
  const everywhere = ['admin-1', 'admin-2', 'admin-3', 'keys', ...operatorNames()];
  const expected = ALL_SAMPLE_REGIONS.flatMap((region) =>
    [...everywhere, ...sourceNamesOf(region).map(sourceKeyName)].map((name) => `${region}.${name}`),
  );
  const watchers = ['registry-log', ...SAMPLE_WITNESSES, ...SAMPLE_REGIONS.map((region) => `${region}.log`)];
  const all = new Set([...names, ...expected, ...LOCAL_OVERSEERS, ...watchers, 'online', 'operators']);
  await Promise.all([...all].map((name) => openKey(folder, name)));
  const secrets = ALL_SAMPLE_REGIONS.flatMap((region) => [SECRET.blindIndex(region), SECRET.sealing(region)]);
  await Promise.all([...secrets, SECRET.operatorJwks].map((parts) => access(folder.file(...parts))));
  for (const region of ALL_SAMPLE_REGIONS) await access(folder.file(...SECRET.epochKeys(region)));
}
