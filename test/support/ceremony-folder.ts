import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { algorithmOf } from '@symbolon/keys/algorithms';
import { sealKeyFile } from '@symbolon/keys/key-file';
import { kidOf } from '@symbolon/keys/kid';
import { type PrivateJwk, publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import { SAMPLE_FEDERATION, sampleDictionary } from '@symbolon/local/sample/federation';
import { sampleRecognition } from '@symbolon/local/sample/recognition';
import { type SampleRegion, sampleRegion } from '@symbolon/local/sample/regions';
import { sampleRules } from '@symbolon/local/sample/rules';
import { SAMPLE_SCHEMES } from '@symbolon/local/sample/schemes';
import type { Bytes } from '@symbolon/protocol/bytes';
import { jsonFile } from '@symbolon/registry/json-file';

/** What admins have on their machines before a ceremony: content to publish, and keys in sealed files. */

export const PASSPHRASE = 'six otters cross a cold river';
/** A passphrase that everybody knows need not be stretched. */
const QUICK_ITERATIONS = 1000;

async function write(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode });
}

/** Files of a folder, by name. */
export type Content = ReadonlyMap<string, Bytes>;

export async function writeContent(folder: string, content: Content): Promise<void> {
  for (const [name, bytes] of content) await write(join(folder, name), bytes);
}

/** `federation.json`, `dictionary.json` and `schemes/` of the sample. */
export function federationContent(): Content {
  return new Map([
    ['federation.json', jsonFile(SAMPLE_FEDERATION)],
    ['dictionary.json', jsonFile(sampleDictionary())],
    ['schemes/health.json', jsonFile(SAMPLE_SCHEMES.health)],
    ['schemes/test.json', jsonFile(SAMPLE_SCHEMES.test)],
  ]);
}

/** The files that a region's admins sign. */
export function regionContent(region: SampleRegion): Content {
  const endpoint = `https://${region.toLowerCase()}.example/api`;
  return new Map([
    ['region.json', jsonFile(sampleRegion(region, { endpoint }))],
    ['rules.health.json', jsonFile(sampleRules(region, 'health'))],
    ['rules.test.json', jsonFile(sampleRules(region, 'test'))],
    ['recognition.json', jsonFile(sampleRecognition(region))],
  ]);
}

/** `NAME.jwe` and `NAME.pub.json` for each name; each opens with `PASSPHRASE`. They are those of `keySigner`. @returns kids by name */
export async function writeKeys(folder: string, names: readonly string[]): Promise<Record<string, string>> {
  const kids = names.map(async (name) => {
    const key = privateKey(name);
    await write(join(folder, `${name}.jwe`), await sealKeyFile(key, PASSPHRASE, QUICK_ITERATIONS), 0o600);
    await write(join(folder, `${name}.pub.json`), publicText(key));
    return [name, kidOf(publicPart(key))] as const;
  });
  return Object.fromEntries(await Promise.all(kids));
}

/** What the key file of this name signs with. */
export function keySigner(name: string): Promise<Signer> {
  return createLocalSigner(privateKey(name));
}

function privateKey(name: string): PrivateJwk {
  return insecurePrivateKeyFromSeed('ES256', `ceremony ${name}`);
}

function publicText(key: PrivateJwk): string {
  const jwk = publicPart(key);
  return JSON.stringify({ kid: kidOf(jwk), alg: algorithmOf(jwk).alg, jwk });
}
