import { sha256 } from '@symbolon/keys/digest';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { openTrust } from '@symbolon/verifier/open-trust';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fromBase45, toBase45 } from '../support/base45.ts';
import { emptyTally, type Failure, runOne } from './campaign.ts';
import { diceFor } from './dice.ts';
import { readCbor, writeCbor } from './grammar/cbor.ts';
import { draftOf, readPart, sdJwtOf } from './grammar/sd-jwt.ts';
import { installMeter, type Meter } from './meter.ts';
import type { Verify } from './oracle/verdict-oracle.ts';
import { readReproducer, reproducerOf } from './reproducer.ts';
import type { Target } from './target.ts';
import { type Open, openBundleTarget } from './targets/bundle.ts';
import { openJsonLdTarget } from './targets/json-ld.ts';
import { openQrTarget } from './targets/qr.ts';
import { openSdJwtTarget } from './targets/sd-jwt.ts';
import { openWorld, sdJwtShowings } from './targets/world.ts';

/** The oracle has teeth: each of these readers has one planted weakness, and the fuzzer finds it soon. */

let meter: Meter;
beforeAll(() => {
  meter = installMeter();
});
afterAll(() => {
  meter.remove();
});

// The work is bounded by its number of mutants, not by time.
vi.setConfig({ testTimeout: 600_000 });

const SEED = 6;
const MOST = 3000;

async function firstFailure(target: Target): Promise<Failure> {
  const tally = emptyTally();
  for (let number = 0; number < MOST; number++) {
    const failure = await runOne(target, SEED, number, tally);
    if (failure !== undefined) return failure;
  }
  return expect.unreachable('the weakness was not found');
}

/** A reader that makes something else of the text before it reads it strictly. */
type Laxity = (text: string) => string;

async function laxly(before: Laxity): Promise<Verify> {
  const { verify } = await openWorld();
  return (text) => verify(before(text));
}

/** Base45 whose groups wrap round. */
function wrapped(text: string): string {
  if (!text.startsWith('SYM1:')) return text;
  return `SYM1:${toBase45(fromBase45(text.slice(5)).map((byte) => byte & 255))}`;
}

function shortestHeads(text: string): string {
  if (!text.startsWith('SYM1:') || text.length % 3 === 1) return text;
  try {
    return `SYM1:${toBase45(Uint8Array.from(writeCbor(readCbor(fromBase45(text.slice(5))))))}`;
  } catch {
    return text;
  }
}

describe('fuzz: a reader of SD-JWT that', () => {
  const cases: readonly [string, Laxity, RegExp][] = [
    ['reads over white space', (text) => text.replace(/\s/g, ''), /canonical|three parts|64 bytes/],
    ['reads over padding', (text) => text.replaceAll('=', ''), /canonical|nothing names/],
    [
      'reads the other alphabet, too',
      (text) => text.replaceAll('+', '-').replaceAll('/', '_'),
      /canonical|nothing names/,
    ],
    [
      'reads a disclosure that is shown twice once',
      (text) => {
        const draft = draftOf(text);
        return sdJwtOf({ ...draft, disclosures: [...new Set(draft.disclosures)] });
      },
      /stands twice/,
    ],
    [
      'reads over empty disclosures',
      (text) => {
        const draft = draftOf(text);
        return sdJwtOf({ ...draft, disclosures: draft.disclosures.filter((each) => each !== '') });
      },
      /nobody made|nothing names|no JSON/,
    ],
  ];

  it.each(cases)('%s', async (_name, before, why) => {
    const failure = await firstFailure(await openSdJwtTarget({ meter, verify: await laxly(before) }));
    expect(failure.why).toMatch(why);
  });

  it('believes any key binding of the right holder', async () => {
    const world = await openWorld();
    const genuine = await sdJwtShowings(world);
    const verify: Verify = (text) => {
      const draft = draftOf(text);
      const same = genuine.find((each) => draftOf(each).jwt.join('.') === draft.jwt.join('.'));
      return world.verify(draft.kb === undefined || same === undefined ? text : same);
    };
    const failure = await firstFailure(await openSdJwtTarget({ meter, verify, genuine }));
    expect(failure.why).toMatch(/^taken/);
  });

  it('believes a token without a signature', async () => {
    const world = await openWorld();
    const genuine = await sdJwtShowings(world);
    const verify: Verify = (text) => {
      const { jwt } = draftOf(text);
      const same = genuine.find((each) => draftOf(each).jwt[1] === jwt[1]);
      return world.verify(/"none"/i.test(readPart(jwt[0] ?? '')) && same !== undefined ? same : text);
    };
    const failure = await firstFailure(await openSdJwtTarget({ meter, verify, genuine }));
    expect(failure.why).toMatch(/^taken/);
  });

  it('hands on more than was disclosed', async () => {
    const { verify: strictly } = await openWorld();
    const verify: Verify = async (text) => {
      const verdict = await strictly(text);
      if (!('statuses' in verdict)) return verdict;
      const statuses = verdict.statuses.map((status) => ({
        ...status,
        details: { reason: 'x', ...status.details },
      }));
      return { ...verdict, statuses };
    };
    const failure = await firstFailure(await openSdJwtTarget({ meter, verify }));
    expect(failure.why).toBe('taken, and another: the details');
  });

  it('tells each showing by its signature, which anyone can write otherwise', async () => {
    const { verify: strictly } = await openWorld();
    const verify: Verify = async (text) => {
      const verdict = await strictly(text);
      if (!('statuses' in verdict)) return verdict;
      const presentationId = encodeBase64url(sha256(utf8(text.trim().slice(-43))));
      return { ...verdict, statuses: verdict.statuses.map((status) => ({ ...status, presentationId })) };
    };
    const failure = await firstFailure(await openSdJwtTarget({ meter, verify }));
    expect(failure.why).toBe('taken, and another: the identity');
  });

  it('throws', async () => {
    const { verify: strictly } = await openWorld();
    const verify: Verify = async (text) => {
      JSON.parse(readPart(draftOf(text).jwt[0] ?? ''));
      return strictly(text);
    };
    const failure = await firstFailure(await openSdJwtTarget({ meter, verify }));
    expect(failure.why).toMatch(/^it threw SyntaxError/);
  });

  it('reads all of a text for each of its disclosures', async () => {
    const { verify: strictly } = await openWorld();
    const verify: Verify = async (text) => {
      const encoder = new TextEncoder();
      for (const _ of draftOf(text).disclosures) encoder.encode(text);
      return strictly(text);
    };
    const failure = await firstFailure(await openSdJwtTarget({ meter, verify }));
    expect(failure.why).toMatch(/^it read \d+ bytes/);
    expect(failure.mutant.how).toContain('many disclosures');
  });

  it('says two reasons', async () => {
    const { verify: strictly } = await openWorld();
    const verify: Verify = async (text) => {
      const verdict = await strictly(text);
      return 'statuses' in verdict
        ? verdict
        : { ...verdict, findings: [...verdict.findings, ...verdict.findings] };
    };
    const failure = await firstFailure(await openSdJwtTarget({ meter, verify }));
    expect(failure.why).toBe('it was refused for several reasons');
  });
});

describe('fuzz: a reader of QR texts that', () => {
  const cases: readonly [string, Laxity][] = [
    ['reads lower case', (text) => text.toUpperCase()],
    ['lets base45 wrap round', wrapped],
    ['reads any length of a number', shortestHeads],
    ['reads over white space at its begin', (text) => text.replace(/^(SYM1:)\s+/, '$1')],
  ];

  it.each(cases)('%s', async (_name, before) => {
    const failure = await firstFailure(await openQrTarget({ meter, verify: await laxly(before) }));
    expect(failure.why).toMatch(/^taken|^it threw/);
  });
});

describe('fuzz: a reader of JSON-LD that', () => {
  const cases: readonly [string, Laxity, RegExp][] = [
    ['takes the last of two members', again, /stands twice/],
    ['reads over terms that it does not know', withoutUnknown, /nothing genuine/],
  ];

  it.each(cases)('%s', async (_name, before, why) => {
    const failure = await firstFailure(await openJsonLdTarget({ meter, verify: await laxly(before) }));
    expect(failure.why).toMatch(why);
  });
});

function again(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** What expansion drops. */
function withoutUnknown(text: string): string {
  return text.replace(/"unknownTerm":(?:"[^"]*"|true|null),/, '');
}

describe('fuzz: an opener of bundles that', () => {
  const cases: readonly [string, Open, RegExp][] = [
    [
      'has no memory',
      ({ bundle, pinnedRoot, now }) => openTrust({ bundle, pinnedRoot, now }),
      /another federation|another region|another time/,
    ],
    [
      'forgets how old a list was',
      ({ state, ...options }) =>
        openTrust({ ...options, ...(state !== undefined && { state: { ...state, listIssuedAt: {} } }) }),
      /another list/,
    ],
    [
      'drops a region without a word',
      async (options) => {
        const { trust, state } = await openTrust(options);
        return { state, trust: { ...trust, registry: { ...trust.registry, malformedRegions: {} } } };
      },
      /a region is gone/,
    ],
    [
      'throws what is no error of this library',
      (options) => {
        if (options.bundle.length === 0) throw new TypeError('no bytes');
        return openTrust(options);
      },
      /it threw TypeError/,
    ],
  ];

  it.each(cases)('%s', async (_name, open, why) => {
    expect((await firstFailure(await openBundleTarget({ meter, open }))).why).toMatch(why);
  });
});

describe('fuzz: a reproducer', () => {
  it('is judged as its mutant was, and by a strict reader otherwise', async () => {
    const before: Laxity = (text) => text.replaceAll('=', '');
    const weak = await openSdJwtTarget({ meter, verify: await laxly(before) });
    const { number, why, mutant } = await firstFailure(weak);
    const about = { target: 'sd-jwt', seed: SEED, number, why, genuine: [...weak.genuine] };
    const { reproducer, mutant: kept } = readReproducer(reproducerOf(about, mutant));
    expect(kept).toEqual(mutant);
    const { genuine } = reproducer;
    const replayed = await openSdJwtTarget({ meter, verify: await laxly(before), genuine });
    expect(await replayed.judge(kept)).toEqual({ kind: 'failed', why });
    const strict = await openSdJwtTarget({ meter, genuine });
    expect(await strict.judge(kept)).toMatchObject({ kind: 'refused' });
  });

  it('the same number makes the same mutations', async () => {
    const target = await openSdJwtTarget({ meter });
    const made = async () => {
      const numbers = Array.from({ length: 50 }, (_, number) => number);
      const mutants = await Promise.all(numbers.map((number) => target.mutant(diceFor(SEED, number))));
      return mutants.map(({ how, sealed }) => ({ how, sealed }));
    };
    expect(await made()).toEqual(await made());
  });
});
