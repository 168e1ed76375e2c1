import { IN_PERSON_AUDIENCE } from '@symbolon/credential/model';
import { formatInstant, HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { WINDOW } from '@symbolon/protocol/limits';
import type { RegistryLog } from '@symbolon/verifier/open-registry-log';
import { type Explained, ofEach, type StepFacts } from './facts.ts';
import type { Proven } from './proven.ts';
import { type ExplainWords, type Form, lengthText } from './words.ts';

/** The first five steps: what was shown, who issued it, whose it is. */
export const AUTHENTICITY_FACTS: StepFacts = {
  decode: ({ showing: { presentations }, all, words }) => [
    ...presentations.map((text) => words.form[formOf(text)](text.length)),
    words.holds(all.length),
  ],
  key: (explained) => [
    ...registryFacts(explained),
    ...ofEach(explained, (proven) => keyFacts(proven, explained)),
  ],
  signature: (explained) => ofEach(explained, ({ key }) => [explained.words.signedBy(key.alg, key.kid)]),
  time: (explained) => [
    ...ofEach(explained, (proven) => timeFacts(proven, explained)),
    explained.words.clock(formatInstant(explained.showing.trust.newestSignedAt)),
  ],
  binding: (explained) => ofEach(explained, (proven) => bindingFacts(proven, explained)),
};

function formOf(text: string): Form {
  if (text.startsWith('SYM')) return 'qr';
  return text.startsWith('{') ? 'json-ld' : 'sd-jwt';
}

function registryFacts({ showing: { trust, verdict, now }, words }: Explained): readonly string[] {
  const { registryVersion, signedAt, ageSeconds } = verdict.basis;
  const { warnAfterHours, referAfterHours, blockAfterHours } = trust.registry.federation.freshness;
  const hours = (count: number) => lengthText(count * HOUR_SECONDS, words);
  return [
    words.registry(registryVersion, formatInstant(signedAt), lengthText(ageSeconds, words)),
    words.freshness(hours(warnAfterHours), hours(referAfterHours), hours(blockAfterHours)),
    ...logFacts(trust.registryLog, now, words),
  ];
}

/** Of a log that shows nothing the finding says all that there is to say. */
function logFacts(log: RegistryLog | undefined, now: Instant, words: ExplainWords): readonly string[] {
  if (log === undefined || log.is === 'invalid') return [];
  const { is, witnessedAt } = log;
  const say = is === 'proven' ? words.logged : words.notLogged;
  return [say(formatInstant(witnessedAt), lengthText(now - witnessedAt, words))];
}

function keyFacts({ view, key }: Proven, { words, language }: Explained): readonly string[] {
  return [
    words.region(view.region.region, view.region.names[language], formatInstant(view.expires)),
    words.key(key.kid, key.alg, formatInstant(key.notBefore), formatInstant(key.notAfter)),
  ];
}

function timeFacts({ status, scheme }: Proven, { words, language, showing }: Explained): readonly string[] {
  const { issuedAt, expiresAt, sampledAt } = status;
  const { now } = showing;
  const longest = lengthText(scheme.longestValidityHours * HOUR_SECONDS, words);
  const validity = [formatInstant(issuedAt), formatInstant(expiresAt), formatInstant(now)] as const;
  return [
    words.scheme(scheme.id, scheme.titles[language], longest),
    words.validity(...validity),
    ...(sampledAt === undefined
      ? []
      : [words.sampled(formatInstant(sampledAt), lengthText(now - sampledAt, words))]),
  ];
}

function bindingFacts({ decoded: { binding } }: Proven, { words, showing }: Explained): readonly string[] {
  if (binding === undefined) return [words.card];
  const { audience, issuedAt } = binding;
  const { behindSeconds, aheadSeconds } = WINDOW;
  const age = lengthText(showing.now - issuedAt, words);
  return [
    audience === IN_PERSON_AUDIENCE ? words.boundInPerson : words.boundTo(audience),
    words.boundAt(formatInstant(issuedAt), age, behindSeconds, aheadSeconds),
  ];
}
