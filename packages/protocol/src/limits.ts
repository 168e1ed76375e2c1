/**
 * Every bound of the protocol, with its unit in its name (protocol, section 12).
 * Past a bound the answer is a typed error that names the bound, never the input.
 */
export const LIMITS = {
  /** A presentation as text: SD-JWT with key binding, or JSON-LD. */
  presentationBytes: 16 * 1024,
  /** Credentials shown together: as many as a policy can ask for. */
  shownTogether: 8,
  /** The text of one QR code. */
  qrTextBytes: 2 * 1024,
  /** A QR code image file. */
  qrImageBytes: 8 * 1024 * 1024,
  /** Entries of one status list, after inflation. */
  statusListEntries: 2 ** 20,
  /** Entries that a Bitstring list has at least (Bitstring Status List 1.0, section 5.1). */
  bitstringEntries: 131_072,
  /** A status list, token or Bitstring credential, before inflation. */
  statusListTokenBytes: 1024 * 1024,
  /** All status list tokens of one region in a bundle: one region must not fill everyone's. */
  regionListBytes: 2 * 1024 * 1024,
  /** Status lists of one region in a bundle. */
  regionLists: 1024,
  /** One TUF metadata file or target. */
  metadataBytes: 512 * 1024,
  /** Root versions a client walks in one update. */
  rootRotations: 256,
  /** Delegation depth below the top-level targets. */
  delegationDepth: 4,
  /** Delegated roles visited in one search. */
  delegationVisits: 64,
  /** Delegated roles in one registry. */
  delegatedRoles: 4096,
  /** A path in the registry or in a bundle. */
  registryPathChars: 256,
  /** Signatures read in one metadata file. */
  metadataSignatures: 64,
  /** A trust bundle, compressed and inflated. */
  bundleBytes: 64 * 1024 * 1024,
  /** Files in one trust bundle. */
  bundleFiles: 16_384,
  /** Files of one signing event, and all of them together. */
  eventFiles: 16_384,
  eventBytes: 64 * 1024 * 1024,
  /** Changes in one signing event. */
  eventChanges: 1024,
  /** What a publication is called. */
  publicationTitleChars: 200,
  /** Credentials in one issuance request. */
  batchCredentials: 32,
  /** Credentials minted for one subject and scheme in one hour: no holder can fill the region's lists. */
  mintedPerHour: 1024,
  /** Facts and retractions in one signed batch. */
  batchFacts: 256,
  /** How far the clock of a source may be ahead, in seconds. */
  factAheadSeconds: 300,
  /** A statement that an operator or a source signed: a batch of facts, a proposal, an approval. */
  statementBytes: 192 * 1024,
  /** How old such a statement may be when it arrives, in seconds. */
  statementAgeSeconds: 24 * 3600,
  /** Why an operator does something, in words. */
  reasonChars: 1024,
  /** Places in one list of a region. */
  placeListEntries: 4096,
  /** How long a manual decision may stand at most, in hours. */
  manualDecisionHours: 14 * 24,
  /** How long a proposal waits for a second operator, in hours. */
  proposalHours: 7 * 24,
  /** What the burst guard holds lapses after so many hours (protocol, section 9.5). */
  burstHoldHours: 24,
  /** Guardians of one subject, and merges into it that are under way. */
  guardians: 8,
  merges: 8,
  /** How many merges, one after the other, a wallet's code or an identifier is followed through. */
  mergeHops: 64,
  /** Positions of a status list that one lease gives to one writer. */
  listBlock: 64,
  /** Body of a request to a function. */
  requestBytes: 256 * 1024,
  /** A signing event on its way to the function that publishes: Lambda takes 6 MiB, and writes each quotation mark as two. */
  publicationBytes: 4 * 1024 * 1024,
  /** A leaf of a log (an entry of C2SP tlog-tiles has at most 65,535). */
  leafBytes: 60_000,
  /** A signed checkpoint: its text and all its signatures. Sixteen of the longest kind that there is must fit (C2SP signed-note). */
  checkpointBytes: 64 * 1024,
  /** Signature lines read in one note. */
  noteSignatures: 64,
  /** Hashes in one inclusion or consistency proof. */
  proofHashes: 63,
  /** Leaves in one tree: numbers stay exact. */
  logLeaves: 2 ** 48,
  /** Leaves that one round of a sequencer takes. */
  roundLeaves: 4096,
  /** A receipt, as its holder keeps it. */
  receiptBytes: 32 * 1024,
  /** Witnesses that a federation names. */
  witnesses: 16,
  /** What a bundle says of the registry's log. */
  registryLogBytes: 16 * 1024 * 1024,
  /** Older checkpoints of that log in a bundle. */
  logAnchors: 16,
  jsonDepth: 16,
  /** Disclosures in one SD-JWT. */
  disclosures: 32,
  /** A CEL expression. */
  celExpressionChars: 2048,
  celNodes: 512,
  celDepth: 24,
  celListElements: 64,
  celMapEntries: 32,
  celCallArguments: 8,
  /** Comprehensions (`exists`, `all`, ...) inside one another. */
  celComprehensionDepth: 2,
  /** Evaluation steps of one CEL expression at worst: each node counts `subjectFacts` to the power of its depth. */
  celCost: 2 ** 21,
  /** Evaluation steps of all rules of a set together: what a region judges by, and the versions that it is replacing. */
  ruleSetCost: 2 ** 23,
  rulesPerSet: 64,
  /** Rules of one region that a client remembers: every version that it ever saw. */
  rulesRemembered: 4096,
  /** Facts about one subject that one decision reads. */
  subjectFacts: 256,
  /** A string in a fact. */
  factStringChars: 256,
  /** Names in the signed QR dictionary. */
  dictionaryNames: 65_536,
  /** Identifiers that lead to one subject. */
  subjectIdentifiers: 8,
  /** How long the code of a venue may be valid, in hours. */
  venueCodeHours: 31 * 24,
  /** Presentation ids a scanner remembers. */
  replayMemoryEntries: 65_536,
  /** The same in one run of `verify --lines`, which has no window: its lines can be of any times, in any order. */
  manifestReplayEntries: 2 ** 20,
  /** One line of such a run: several presentations shown together, in JSON. */
  manifestLineBytes: 256 * 1024,
  /** What a line of such a run calls itself. */
  manifestIdChars: 128,
} as const;

export type LimitName = keyof typeof LIMITS;

/** What holds in a federation whose `federation.json` does not say otherwise. */
export const POLICY_DEFAULTS = {
  burst: { perHour: 100, perDay: 500, perWeek: 1500 },
  intake: { adversePerHour: 50 },
  ruleLeadHours: 24,
} as const;

/** Constants of time, in seconds, that the protocol fixes for everyone. */
export const WINDOW = {
  /** A key binding may lie this far in the verifier's future (clock skew). Protocol, section 6. */
  aheadSeconds: 30,
  /** A key binding in window mode is accepted this long, tolerance included. Protocol, section 6. */
  behindSeconds: 60,
  /** A witness's cosignature may lie this far in a verifier's future (clock skew). A later one is not counted. */
  witnessAheadSeconds: 300,
} as const;

/** How long a scanner remembers a showing, in seconds: as long as it could be accepted again, from the first second of its window on. */
export const REPLAY_SECONDS = WINDOW.aheadSeconds + WINDOW.behindSeconds;

/** What a client has seen counts for so many days: longer than any credential is valid (`longestValidityHours`), and so than what it could be good for. */
export const REMEMBERED_DAYS = 40;

/** Credentials valid this long or less carry no status: they end by not being renewed. Protocol, section 7. */
export const UNLISTED_VALIDITY_HOURS = 6;
