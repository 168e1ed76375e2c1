import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Trust } from '@symbolon/verifier/trust';
import { verify } from '@symbolon/verifier/verify';
import { type FederationFixture, seededSigner } from '../../support/federation-fixture.ts';
import { ed25519, foundFederation, GATE, NOW, openedFrom } from '../../support/verifier-federation.ts';
import { mintJsonLd, presentJsonLd } from '../../support/verifier-json-ld.ts';
import { CARD, CLAIMS, holder, mint, show, UNLISTED } from '../../support/verifier-showings.ts';
import type { Verify } from '../oracle/verdict-oracle.ts';

/** The federation of the attack stories, and what people show at a gate of it. */
export interface World {
  readonly fixture: FederationFixture;
  readonly trust: Trust;
  readonly verify: Verify;
}

/** A card is taken, so that one without a key binding can be taken at all. */
export const POLICY: Policy = { ...GATE, onBearer: 'accepted' };

let founded: Promise<World> | undefined;

/** One for the process. */
export function openWorld(): Promise<World> {
  founded ??= found();
  return founded;
}

async function found(): Promise<World> {
  const fixture = await foundFederation();
  const { trust } = await openedFrom(fixture);
  return { fixture, trust, verify: (text) => verify(text, trust, POLICY, NOW) };
}

const neighbour = await seededSigner('another holder');

/** Presentations in text, which are all taken. */
export async function sdJwtShowings({ fixture }: World): Promise<readonly string[]> {
  const neighbours = { ...CLAIMS, holderKey: neighbour.publicJwk };
  return [
    await show(fixture, { disclose: ['reason'] }),
    await show(fixture, { claims: UNLISTED, seed: 'second', disclose: ['reason', 'evidence', 'initials'] }),
    await show(fixture, { claims: UNLISTED, seed: 'third', signer: ed25519 }),
    await show(fixture, { claims: neighbours, seed: 'fourth', disclose: ['evidence'], holder: neighbour }),
    await mint(fixture, { claims: CARD, seed: 'card' }),
  ];
}

export function holderOf(genuine: number) {
  return genuine === 3 ? neighbour : holder;
}

export function issuerOf(genuine: number, { fixture }: World) {
  return genuine === 2 ? ed25519 : fixture.regions['CN-BJ'].credential;
}

/** In JSON-LD: of keys of both kinds, and a card. */
export async function jsonLdShowings({ fixture }: World): Promise<readonly string[]> {
  const { credential } = fixture.regions['CN-BJ'];
  return [
    await presentJsonLd(await mintJsonLd(credential)),
    await presentJsonLd(await mintJsonLd(ed25519)),
    await mintJsonLd(credential, CARD),
  ];
}
