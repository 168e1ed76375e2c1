import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { entryAllocator } from '@symbolon/issuer/entry-allocator';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { fileBlindIndexer, fileSealer } from '@symbolon/local/files/secrets';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { formatInstant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { PlaceList } from '@symbolon/protocol/schemas/region';
import { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import {
  NOW,
  type SamplePublication,
  samplePublication,
} from '../../packages/issuer/src/testing/sample-publication.ts';
import { SAMPLE_RULES } from '../../packages/issuer/src/testing/sample-scheme.ts';
import { leanStores } from './lean-stores.ts';
import { RISKY_PLACE } from './person.ts';

/** The guards count everyone and hold nobody back: a load is no outbreak. */
const EVERYONE = 1_000_000_000;

/** The sample region with so many people that its guards have to let them pass, a list of places, and rules that come later. */
export async function foundWorld() {
  const sample = await samplePublication();
  const federation = {
    ...sample.publication.federation,
    burst: { perHour: EVERYONE, perDay: EVERYONE, perWeek: EVERYONE },
    intake: { adversePerHour: EVERYONE },
  };
  const publication = { ...sample.publication, federation, placeLists: { health: placeList() } };
  const stores = leanStores();
  const random = insecureRandomFromSeed('load');
  const ports = {
    ...stores,
    ...(await realSecrets()),
    random,
    entries: entryAllocator({ lists: stores.lists, random, listEntries: LIMITS.statusListEntries }),
    signers: sample.signers,
  };
  return { ...sample, publication, newPublication: { ...publication, ruleSets: newRules(sample) }, ports };
}

export type World = Awaited<ReturnType<typeof foundWorld>>;

/** What runs in the local network: AES-256-GCM and HMAC-SHA256. The keys are read once, so their file goes at once. */
async function realSecrets() {
  const folder = await mkdtemp(join(tmpdir(), 'symbolon-load-'));
  try {
    const file = join(folder, 'secret');
    await writeFile(file, encodeBase64url(crypto.getRandomValues(new Uint8Array(32))), { mode: 0o600 });
    const url = pathToFileURL(file);
    return { sealer: await fileSealer(url), blindIndexer: await fileBlindIndexer(url) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function placeList(): PlaceList {
  const entry = { type: 'riskArea', place: RISKY_PLACE, at: formatInstant(NOW), fields: { risk: 'high' } };
  return check(PlaceList, { region: 'CN-BJ', scheme: 'health', entries: [entry] }, 'metadata-malformed');
}

/** Whose negative test is older than 48 hours turns amber; everyone else keeps the level and the rule that they have. */
function newRules({ publication }: SamplePublication): typeof publication.ruleSets {
  const [positive, riskArea, tested] = SAMPLE_RULES.rules;
  const when = 'pcr.exists(p, p.result == "negative") && !pcr.exists(p, now - p.at < duration("48h"))';
  const oldTest = { ...tested, id: 'old-test', level: 'amber', when };
  const rules = [positive, riskArea, oldTest, tested];
  return { health: check(RuleSet, { ...SAMPLE_RULES, rules }, 'rule-set-malformed') };
}
