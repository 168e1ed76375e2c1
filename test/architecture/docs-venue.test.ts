import { packVenueCode, readVenueCode, writeVenueCode } from '@symbolon/credential/venue-code';
import { addSeconds } from '@symbolon/protocol/instant';
import { writeBundle } from '@symbolon/registry/bundle';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { compilePolicy } from '@symbolon/rules/policy';
import { openTrust } from '@symbolon/verifier/open-trust';
import { readPolicy } from '@symbolon/verifier/policy';
import type { Trust } from '@symbolon/verifier/trust';
import { openVenueCode, policyOfVenue } from '@symbolon/verifier/venue';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildFederation, FIXTURE_NOW } from '../support/federation-fixture.ts';
import { publishVenueKey, VENUE_CLAIMS, venueSigner } from '../support/venue-region.ts';
import { block, page } from './markdown.ts';

/** The examples of the pages on venues are what the code makes and takes. */

const SPEC = page('docs/spec/venue-codes.md');
const EXAMPLE = block(SPEC, 'venue').trimEnd();
const NOW = addSeconds(FIXTURE_NOW, 1200);
let trust: Trust;

beforeAll(async () => {
  const federation = await buildFederation();
  await publishVenueKey(federation, NOW);
  const bundle = await writeBundle(await collectBundle({ read: federation.store.files }));
  ({ trust } = await openTrust({ bundle, pinnedRoot: federation.pinnedRoot, now: NOW }));
});

describe('docs/spec/venue-codes.md', () => {
  it('header and claims are what is signed, in that order', async () => {
    const [header, payload] = (await writeVenueCode(VENUE_CLAIMS, venueSigner)).split('.');
    const parts = [block(SPEC, 'json', '"alg"'), block(SPEC, 'json', '"iss"')];
    expect(parts.map((text) => JSON.stringify(JSON.parse(text)))).toEqual(
      [header, payload].map((part = '') => Buffer.from(part, 'base64url').toString()),
    );
  });

  it('the text is a code of that region, and gives the policy that the page says', async () => {
    expect(readVenueCode(EXAMPLE).claims).toEqual(VENUE_CLAIMS);
    const code = await openVenueCode(EXAMPLE, trust, NOW);
    expect(SPEC).toContain(`\`${code.audience}\``);
    expect(policyOfVenue(code)).toMatchObject({ region: 'CN-GD', requireNonce: true });
    expect(SPEC.replaceAll(/\s+/g, ' ')).toContain(`above, ${EXAMPLE.length} characters`);
    expect(packVenueCode(await writeVenueCode(VENUE_CLAIMS, venueSigner))).toHaveLength(EXAMPLE.length);
  });
});

describe('docs/guides/venue.md', () => {
  it('the policy compiles for the schemes of the federation', () => {
    const policy = readPolicy(JSON.parse(block(page('docs/guides/venue.md'), 'json')));
    expect(compilePolicy(policy, trust.registry.schemes).policy).toBe(policy);
  });
});
