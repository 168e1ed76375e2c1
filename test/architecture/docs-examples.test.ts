import { inflateSync } from 'node:zlib';
import { unpackQr } from '@symbolon/credential/qr/unpack';
import { sampleDictionary } from '@symbolon/local/sample/federation';
import { sampleRules } from '@symbolon/local/sample/rules';
import { SAMPLE_SCHEMES } from '@symbolon/local/sample/schemes';
import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { Policy } from '@symbolon/protocol/schemas/policy';
import { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import { Scheme } from '@symbolon/protocol/schemas/scheme';
import { Verdict } from '@symbolon/protocol/schemas/verdict';
import { writeBundle } from '@symbolon/registry/bundle';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { listPath } from '@symbolon/registry/status-lists';
import { compilePolicy, evaluatePolicy } from '@symbolon/rules/policy';
import { compileRuleSet } from '@symbolon/rules/rule-set';
import { issueStatusListToken } from '@symbolon/status/issue';
import { openTrust } from '@symbolon/verifier/open-trust';
import { readPolicy } from '@symbolon/verifier/policy';
import type { Trust } from '@symbolon/verifier/trust';
import { verify } from '@symbolon/verifier/verify';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { buildFederation, FIXTURE_NOW } from '../support/federation-fixture.ts';
import { block, blocks, page, rows } from './markdown.ts';

/** The examples of the specification are what the code makes and takes. */

const QR = page('docs/spec/qr.md');
const QR_PROSE = QR.replaceAll(/\s+/g, ' ');
const CREDENTIAL = page('docs/spec/credential.md');
const SD_JWT = block(QR, 'sd-jwt').trim();
const SYM1 = block(QR, 'sym1').trimEnd();
const SHOWN_AT = addSeconds(FIXTURE_NOW, 1234);
const DICTIONARY = { ...sampleDictionary() };

const decoded = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString());
const jsonWith = (markdown: string, part: string) => JSON.parse(block(markdown, 'json', part));

describe('docs/spec/qr.md', () => {
  it('the text unpacks to the presentation', () => {
    expect(unpackQr(SYM1, DICTIONARY)).toBe(SD_JWT);
    expect(QR_PROSE).toContain(`${SYM1.length} characters (QR`);
    expect(QR_PROSE).toContain(`${SD_JWT.length.toLocaleString('en')} characters`);
  });

  it('the bytes are those of the text', () => {
    const dump = block(QR, '', '95    ')
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/)[0] ?? '')
      .filter((bytes) => /^[0-9a-f ]+$/.test(bytes))
      .join('')
      .replaceAll(' ', '');
    expect(dump).toBe(base45(SYM1.slice(5)).toString('hex'));
    const raw = /`((?:[0-9a-f]+ )+[0-9a-f]+)`, which is/.exec(QR_PROSE)?.[1]?.replaceAll(' ', '');
    expect(raw).toBe(base45(block(QR, '', 'SYM1:.').trimEnd().slice(5)).toString('hex'));
  });
});

/** RFC 9285, written another way than the code. */
function base45(text: string): Buffer {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
  const groups = text.match(/.{1,3}/g) ?? [];
  return Buffer.concat(
    groups.map((group) => {
      const value = [...group].reduceRight((sum, char) => sum * 45 + alphabet.indexOf(char), 0);
      return group.length === 3 ? Buffer.of(value >> 8, value & 255) : Buffer.of(value);
    }),
  );
}

describe('docs/spec/credential.md', () => {
  const [jwt = '', binding = ''] = SD_JWT.split('~');

  it('header, claims and key binding are those of the presentation', () => {
    expect(jsonWith(CREDENTIAL, '"dc+sd-jwt"')).toEqual(decoded(jwt.split('.')[0]));
    expect(JSON.stringify(jsonWith(CREDENTIAL, '"_sd_alg"'))).toBe(
      JSON.stringify(decoded(jwt.split('.')[1])),
    );
    const [header = '', claims = ''] = block(CREDENTIAL, 'json', '"kb+jwt"').split('\n');
    expect([header, claims].map((line) => JSON.stringify(JSON.parse(line)))).toEqual(
      binding.split('.', 2).map((part) => JSON.stringify(decoded(part))),
    );
  });

  it('the digests are those of the disclosures', async () => {
    const texts = block(CREDENTIAL, 'json', '"reason"').trim().split('\n');
    const digests = await Promise.all(texts.map(digestOf));
    const [outer, ...inner] = digests;
    expect(jsonWith(CREDENTIAL, '"_sd_alg"')).toMatchObject({ _sd: [outer] });
    const [, , details] = JSON.parse(texts[0] ?? '');
    expect(details._sd).toHaveLength(4);
    expect(details._sd).toEqual(expect.arrayContaining(inner));
    expect(details._sd).toEqual(details._sd.toSorted());
  });
});

async function digestOf(disclosure: string): Promise<string> {
  const text = Buffer.from(disclosure).toString('base64url');
  const digest = await crypto.subtle.digest('SHA-256', Buffer.from(text));
  return Buffer.from(digest).toString('base64url');
}

describe('docs/spec/verdict.md', () => {
  const policy = readPolicy({
    region: 'CN-GD',
    purpose: 'venue-entry',
    schemes: ['health'],
    accept: 'health.level == "green"',
  });
  let trust: Trust;

  beforeAll(async () => {
    const fixture = await buildFederation();
    const { idx, uri } = jsonWith(CREDENTIAL, '"_sd_alg"').status.status_list;
    const token = await issueStatusListToken({
      uri,
      entries: new Uint8Array(idx + 1),
      bits: 2,
      issuedAt: FIXTURE_NOW,
      expiresAt: addHours(FIXTURE_NOW, 96),
      ttlSeconds: 300,
      signer: fixture.regions['CN-BJ'].status,
    });
    const lists = new Map([[listPath('CN-BJ', uri.split('/').at(-1)), token]]);
    const bundle = await writeBundle(await collectBundle({ read: fixture.files, lists }));
    ({ trust } = await openTrust({ bundle, pinnedRoot: fixture.pinnedRoot, now: SHOWN_AT }));
  });

  it('the example of qr.md gets the verdicts of verdict.md, in time and too late', async () => {
    const [accepted, late] = blocks(page('docs/spec/verdict.md')).filter(({ info }) => info === 'json');
    const soon = await verify(SYM1, trust, policy, SHOWN_AT);
    expect(z.encode(Verdict, soon)).toEqual(JSON.parse(accepted?.text ?? ''));
    const later = await verify(SYM1, trust, policy, addSeconds(SHOWN_AT, 61));
    expect(z.encode(Verdict, later)).toEqual(JSON.parse(late?.text ?? ''));
  });

  it('the JSON-LD presentation of credential.md is accepted', async () => {
    const credential = jsonWith(CREDENTIAL, '"assertionMethod"');
    const presentation = { ...jsonWith(CREDENTIAL, '"authentication"'), verifiableCredential: [credential] };
    const verdict = await verify(JSON.stringify(presentation), trust, policy, SHOWN_AT);
    expect(verdict).toMatchObject({ outcome: 'accepted', findings: [] });
  });
});

it('docs/spec/status-lists.md: the list of the token is the bytes of the text', () => {
  const text = page('docs/spec/status-lists.md');
  const prose = text.replaceAll(/\s+/g, ' ');
  const { lst } = jsonWith(text, '"status_list"').status_list;
  const bytes = inflateSync(Buffer.from(lst, 'base64url')).toString('hex');
  expect(prose).toContain(`the bytes \`${bytes.match(/../g)?.join(' ')}\``);
});

describe('docs/spec/rules.md', () => {
  const RULES = page('docs/spec/rules.md');
  const health = check(Scheme, SAMPLE_SCHEMES.health, 'metadata-malformed');
  const test = check(Scheme, SAMPLE_SCHEMES.test, 'metadata-malformed');
  const words = (cell = '') => cell.replaceAll('`', '');

  it('the rule and the fact type are those of the sample', () => {
    expect(sampleRules('CN-BJ', 'health').rules).toContainEqual(jsonWith(RULES, '"close-contact-7d"'));
    expect(SAMPLE_SCHEMES.health.factTypes).toMatchObject(jsonWith(RULES, '"pcr"'));
  });

  const refusals = rows(RULES).flatMap(([expression, answer = '']) => {
    const match = /^`(expression-\w+)`, (\d+) `([a-z-]+)`$/.exec(answer);
    return match === null
      ? []
      : [{ expression: words(expression), code: match[1], fault: `${match[2]} ${match[3]}` }];
  });

  it.each(refusals)('$expression is refused', ({ expression, code, fault }) => {
    const [first] = sampleRules('CN-BJ', 'health').rules;
    const rules = [{ ...first, when: expression }];
    const set = check(RuleSet, { region: 'CN-BJ', scheme: 'health', rules }, 'rule-set-malformed');
    const error = expect.objectContaining({ code, path: expect.stringContaining(`rules.0.when:${fault} `) });
    expect(() => compileRuleSet(set, health)).toThrow(error);
  });

  const met = rows(RULES).flatMap(([expression, answer = '']) =>
    ['yes', 'no'].includes(answer) ? [{ expression: words(expression), answer }] : [],
  );

  it.each(met)('$expression is met: $answer', ({ expression, answer }) => {
    const schemes = ['health', 'test'];
    const policy = { region: 'CN-GD', purpose: 'venue-entry', schemes, accept: expression };
    const compiled = compilePolicy(check(Policy, policy, 'policy-malformed'), { health, test });
    const shown = {
      scheme: 'health',
      countsAs: 'green',
      region: 'CN-BJ',
      rule: 'clear@1',
      authority: 'cdc',
      assurance: 'standard',
      issuedAt: FIXTURE_NOW,
      contested: false,
      bearer: false,
    };
    expect(evaluatePolicy(compiled, [shown], SHOWN_AT) ? 'yes' : 'no').toBe(answer);
  });

  it('the tables are there', () => expect([refusals.length, met.length]).toEqual([10, 7]));
});
