import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import { sha256Base64url } from '@symbolon/keys/digest';
import type { Signer } from '@symbolon/keys/signer';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAccepted, expectNotAuthentic, type Gate } from '../support/expect-verdict.ts';
import type { FederationFixture } from '../support/federation-fixture.ts';
import { attacker, foundFederation, GATE, NOW, openedFrom } from '../support/verifier-federation.ts';
import { bind, CARD, mint, reissue } from '../support/verifier-showings.ts';

/**
 * Attack stories (style, 22) on selective disclosure. What a holder can do with the parts of a genuine credential stands in verifier.test.ts; here an issuer
 * takes part and signs what it must not, so that something hidden comes out of its digests. Each is signed by the region's own key.
 */

let fixture: FederationFixture;
let gate: Gate;
let issuer: Signer;

beforeAll(async () => {
  fixture = await foundFederation();
  gate = { trust: (await openedFrom(fixture)).trust, policy: GATE, now: NOW };
  issuer = fixture.regions['CN-BJ'].credential;
});

const SALT = 'c2FsdHNhbHRzYWx0c2FsdA';
const text = (value: unknown) => encodeBase64url(utf8(JSON.stringify(value)));
const property = (name: string, value: unknown, salt = SALT) => text([salt, name, value]);
const element = (value: unknown) => text([SALT, value]);
const digest = (disclosure: string) => sha256Base64url(disclosure);
/** A digest that stands for nothing. */
const decoy = (n: number) => digest(`decoy ${n}`);
const decoys = (count: number) => Array.from({ length: count }, (_, n) => decoy(n));
const details = (value: unknown) => property('details', value);

/** A credential that the region signs with these digests, shown by its holder with these disclosures. */
async function crafted(
  digests: readonly string[],
  disclosures: readonly string[],
  claims: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const held = discloseSdJwt(await mint(fixture), []);
  const payload = (before: Record<string, unknown>) => ({ ...before, _sd: digests, ...claims });
  const signed = await reissue(held, { payload, signer: issuer });
  return bind([signed.slice(0, -1), ...disclosures, ''].join('~'));
}

/** `details` with this inside, and the disclosures below it. */
const within = (value: unknown, ...below: readonly string[]) =>
  crafted([digest(details(value))], [details(value), ...below]);

const reason = property('reason', 'No adverse fact is known');

describe('honest disclosures', () => {
  it('are read in any order; decoys and what stays hidden tell nothing', async () => {
    const [evidence, hidden] = [property('evidence', 'laboratory'), property('initials', 'A. M.')];
    const value = { _sd: [digest(reason), digest(evidence), digest(hidden), decoy(1)] };
    for (const shown of [
      [reason, evidence],
      [evidence, reason],
    ]) {
      const verdict = await expectAccepted(await within(value, ...shown), gate);
      const told = { reason: 'No adverse fact is known', evidence: 'laboratory' };
      expect(verdict).toMatchObject({ statuses: [{ details: told }] });
    }
  });
});

describe('decoys', () => {
  it.each([0, 1, 3, 5, 31])(
    'REQ-DEC-022 %i digests inside, where there are four: it would mark a holder',
    async (count) => {
      await expectAccepted(await within({ _sd: decoys(4) }), gate);
      await expectNotAuthentic(await within({ _sd: decoys(count) }), gate, 'disclosure-malformed');
    },
  );

  it.each<[string, readonly unknown[]]>([
    ['no digest', []],
    ['a second digest', [decoy(1), decoy(2)]],
    ['the same digest twice', [decoy(1), decoy(1)]],
    ['a digest that is none', ['x']],
    ['a digest in another spelling', [`${decoy(1)}=`]],
    ['no text', [7]],
  ])('REQ-DEC-021 %s beside the claims', async (_, digests) => {
    await expectAccepted(await crafted([decoy(1)], []), gate);
    const signed = await crafted([], [], { _sd: digests });
    await expectNotAuthentic(signed, gate, 'claims-malformed');
  });

  it('REQ-DEC-021 another hash', async () => {
    for (const _sd_alg of ['sha-512', 'SHA-256', 'none', undefined])
      await expectNotAuthentic(await crafted([decoy(1)], [], { _sd_alg }), gate, 'claims-malformed');
  });

  it('REQ-DEC-021 digests in the key, in the status, or in a list among the claims', async () => {
    const hidden = property('idx', 0);
    for (const claims of [
      { status: { status_list: { _sd: [digest(hidden)] } } },
      { cnf: { _sd: [decoy(1)] } },
      { level: [{ '...': digest(element('green')) }] },
      { '...': decoy(1) },
    ])
      await expectNotAuthentic(await crafted([decoy(2)], [], claims), gate, 'claims-malformed');
  });

  it('REQ-DEC-023 a disclosure that stands for a decoy of another credential', async () => {
    await expectNotAuthentic(await within({ _sd: decoys(4) }, reason), gate, 'disclosure-unreferenced');
  });
});

describe('claims that come out of a digest', () => {
  it.each(['level', 'rule', 'exp', 'cnf', 'status', 'iss', 'vct', '_sd_alg', '_sd', '...', '__proto__'])(
    'REQ-DEC-022 %s, which is there or must not be',
    async (name) => {
      const smuggled = property(name, 'green');
      await expectNotAuthentic(await crafted([digest(smuggled)], [smuggled]), gate, 'disclosure-malformed');
    },
  );

  it.each(['contested', 'bearer', 'via', 'at', 'constructor', 'sub'])(
    'REQ-DEC-022 %s, which is not there',
    async (name) => {
      for (const value of [true, 'CN-GD', { _sd: decoys(4) }]) {
        const smuggled = property(name, value);
        await expectNotAuthentic(await crafted([digest(smuggled)], [smuggled]), gate, 'disclosure-malformed');
      }
    },
  );

  it('REQ-DEC-022 a holder key for a card: it stays a card', async () => {
    const smuggled = property('cnf', { jwk: attacker.publicJwk });
    const payload = (before: Record<string, unknown>) => ({ ...before, _sd: [digest(smuggled)] });
    const card = await reissue(discloseSdJwt(await mint(fixture, { claims: CARD }), []), {
      payload,
      signer: issuer,
    });
    const policy = { ...GATE, onBearer: 'accepted' as const };
    await expectAccepted(card, { ...gate, policy }, 'bearer');
    await expectNotAuthentic(`${card}${smuggled}~`, { ...gate, policy }, 'disclosure-malformed');
  });

  it('an array element in the place of a claim', async () => {
    const smuggled = element({ level: 'green' });
    await expectNotAuthentic(await crafted([digest(smuggled)], [smuggled]), gate, 'disclosure-malformed');
  });

  it('a detail that is called like a claim changes no claim', async () => {
    const named = property('level', 'red');
    const verdict = await expectAccepted(await within({ _sd: [digest(named), ...decoys(3)] }, named), gate);
    expect(verdict).toMatchObject({
      statuses: [{ level: 'green', countsAs: 'green', details: { level: 'red' } }],
    });
  });
});

describe('nested disclosures', () => {
  it.each<[string, () => readonly [value: unknown, ...below: string[]]]>([
    [
      'a detail that hides more',
      () => {
        const outer = property('reason', { _sd: [digest(property('more', 'x'))] });
        return [{ _sd: [digest(outer), ...decoys(3)] }, outer, property('more', 'x')];
      },
    ],
    [
      'a detail that is a list with a hidden element',
      () => {
        const outer = property('reason', [{ '...': digest(element('x')) }]);
        return [{ _sd: [digest(outer), ...decoys(3)] }, outer, element('x')];
      },
    ],
    [
      'details within details',
      () => {
        const inner = property('details', { _sd: decoys(4) });
        return [{ _sd: [digest(inner), ...decoys(3)] }, inner];
      },
    ],
    [
      'a detail that is no text',
      () => {
        const number = property('reason', 7);
        return [{ _sd: [digest(number), ...decoys(3)] }, number];
      },
    ],
    [
      'a detail that is empty',
      () => {
        const empty = property('reason', '');
        return [{ _sd: [digest(empty), ...decoys(3)] }, empty];
      },
    ],
    [
      'a detail that is said openly and hidden',
      () => [{ reason: 'x', _sd: [digest(reason), ...decoys(3)] }, reason],
    ],
    ['the same digest twice', () => [{ _sd: [digest(reason), digest(reason), ...decoys(2)] }, reason]],
    [
      'two reasons',
      () => {
        const other = property('reason', 'Another', 'b3RoZXJvdGhlcm90aGVyb3Q');
        return [{ _sd: [digest(reason), digest(other), ...decoys(2)] }, reason, other];
      },
    ],
    [
      'both initials and an asset',
      () => {
        const [one, other] = [property('initials', 'A. M.'), property('asset', 'A 12345')];
        return [{ _sd: [digest(one), digest(other), ...decoys(2)] }, one, other];
      },
    ],
    [
      'a name that is no name',
      () => {
        const odd = property('toString', 'x');
        return [{ _sd: [digest(odd), ...decoys(3)] }, odd];
      },
    ],
    ['details that are a list', () => [[{ '...': digest(element('x')) }], element('x')]],
    ['details that are a text', () => ['No adverse fact is known']],
    ['details of nothing', () => [null]],
  ])('REQ-DEC-022 %s', async (_, make) => {
    await expectAccepted(await within({ _sd: [digest(reason), ...decoys(3)] }, reason), gate);
    await expectNotAuthentic(await within(...make()), gate, 'disclosure-malformed');
  });

  it('REQ-DEC-021 a marker of a hidden element among names', async () => {
    const odd = { '...': decoy(1), _sd: decoys(4) };
    await expectNotAuthentic(await within(odd), gate, 'claims-malformed');
    await expectNotAuthentic(await within({ _sd_alg: 'sha-256', _sd: decoys(4) }), gate, 'claims-malformed');
    await expectNotAuthentic(await within({ _sd: decoy(1) }), gate, 'claims-malformed');
  });

  it.each<[string, unknown]>([
    ['one element', [SALT]],
    ['four elements', [SALT, 'reason', 'x', 'y']],
    ['no list', { salt: SALT, name: 'reason', value: 'x' }],
    ['a salt that is no text', [7, 'reason', 'x']],
    ['a name that is no text', [SALT, 7, 'x']],
    ['a name that is nothing', [SALT, null, 'x']],
  ])('REQ-DEC-022 a disclosure of %s', async (_, value) => {
    const odd = text(value);
    await expectNotAuthentic(
      await within({ _sd: [digest(odd), ...decoys(3)] }, odd),
      gate,
      'disclosure-malformed',
    );
  });

  it.each<[string, string, string]>([
    ['REQ-DEC-017 that is padded', 'base64url-malformed', `${text(['salt', 'reason', 'x'])}=`],
    ['REQ-DEC-013 that is no JSON', 'json-malformed', encodeBase64url(utf8('["salt","reason",'))],
    [
      'REQ-DEC-014 with a name twice',
      'json-duplicate-name',
      encodeBase64url(utf8('["salt","reason",{"a":1,"a":2}]')),
    ],
    ['REQ-DEC-012 that is no UTF-8', 'utf8-malformed', encodeBase64url(Uint8Array.of(0x5b, 0xff, 0x5d))],
    [
      'REQ-DEC-015 that is nested too deep',
      'json-too-deep',
      encodeBase64url(utf8(`["s","reason",${'['.repeat(99)}${']'.repeat(99)}]`)),
    ],
  ])('a disclosure %s', async (_, code, odd) => {
    await expectNotAuthentic(await within({ _sd: [digest(odd), ...decoys(3)] }, odd), gate, code);
  });

  it('REQ-DEC-015 a depth that only disclosing makes', async () => {
    // Each disclosure is shallow; put into one another they are deep.
    let inner = property('a', 'x');
    const chain = [inner];
    for (let depth = 0; depth < LIMITS.jsonDepth; depth++) {
      inner = property('a', { _sd: [digest(inner)] });
      chain.push(inner);
    }
    const value = { _sd: [digest(inner), ...decoys(3)] };
    await expectNotAuthentic(await within(value, ...chain), gate, 'json-too-deep');
  });

  it('REQ-DEC-004 more disclosures than there may be', async () => {
    const many = Array.from({ length: LIMITS.disclosures + 1 }, (_, n) => property('a', String(n)));
    await expectNotAuthentic(await within({ _sd: decoys(4) }, ...many), gate, 'presentation-too-large');
  });
});
