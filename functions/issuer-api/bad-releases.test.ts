import type { Signer } from '@symbolon/keys/signer';
import { addHours } from '@symbolon/protocol/instant';
import { describe, it } from 'vitest';
import { type BadInput, expectRefused } from '../testing/bad-input.ts';
import { release } from '../testing/issuer-desk.ts';
import { operatorSigner, overseerSigner, publishedKey, seededSigner } from '../testing/issuer-people.ts';
import { issuerSuite } from '../testing/issuer-suite.ts';

const suite = issuerSuite();
const RULE = 'positive-test-7d@1';
let people = 0;
const someone = async () => (await suite.desk.enrolled(`P-80${people++}0`)).subject;

function allowNone(): void {
  const { world } = suite;
  const federation = { ...world.publication.federation, burst: { perHour: 0, perDay: 0, perWeek: 0 } };
  world.publication = { ...world.publication, federation };
}

/** The burst that holds everyone's positive test. */
async function heldBurst(): Promise<string> {
  const { world, desk } = suite;
  allowNone();
  const subject = await someone();
  await desk.report(`r${people}`, [desk.pcr('f1', subject, 'positive')]);
  return (await world.api.bursts.newest('health', `rule:${RULE}`))?.id ?? 'none';
}

async function statement(by: Signer, burst: string, rules: readonly string[] = [RULE]): Promise<string> {
  return release(by, suite.world.now, burst, rules);
}

const releasing =
  (make: (burst: string) => Promise<readonly string[]>): BadInput[3] =>
  async () => {
    const releases = await make(await heldBurst());
    return () => suite.desk.call('/bursts/release', { releases });
  };

/** By these two, of the burst by its rule. */
const by = (first: () => Promise<Signer>, second: () => Promise<Signer>): BadInput[3] =>
  releasing(async (burst) => [await statement(await first(), burst), await statement(await second(), burst)]);
const one = () => overseerSigner('one');
const two = () => overseerSigner('two');

describe('a release of what the guard holds', () => {
  it.each<BadInput>([
    ['REQ-ISS-030 by one overseer twice', 403, 'same-operator', by(one, one)],
    [
      'REQ-ISS-031 by an overseer and a key of the region',
      403,
      'release-refused',
      by(one, () => operatorSigner('approver')),
    ],
    [
      'REQ-ISS-031 by an overseer whose key is one of the region as well',
      403,
      'release-refused',
      by(one, () => overseerSigner('insider')),
    ],
    ['REQ-ISS-031 by a stranger', 403, 'release-refused', by(one, () => seededSigner('stranger'))],
    [
      'REQ-ISS-028 by a stranger under an overseer’s key id',
      400,
      'statement-invalid',
      by(one, async () => ({ ...(await seededSigner('stranger')), kid: (await two()).kid })),
    ],
    [
      'REQ-ISS-031 where the two say different things',
      403,
      'release-refused',
      releasing(async (burst) => [
        await statement(await one(), burst),
        await statement(await two(), burst, [RULE, 'close-contact-7d@1']),
      ]),
    ],
    [
      'REQ-ISS-031 of a rule that it does not hold',
      403,
      'release-refused',
      releasing(async (burst) => [
        await statement(await one(), burst, ['close-contact-7d@1']),
        await statement(await two(), burst, ['close-contact-7d@1']),
      ]),
    ],
    [
      'REQ-ISS-038 of nothing',
      404,
      'burst-unknown',
      releasing(async () => [
        await statement(await one(), 'health/rule:clear@1/1'),
        await statement(await two(), 'health/rule:clear@1/1'),
      ]),
    ],
    [
      'REQ-ISS-038 after a day',
      404,
      'burst-unknown',
      releasing(async (burst) => {
        suite.world.now = addHours(suite.world.now, 24);
        return [await statement(await one(), burst), await statement(await two(), burst)];
      }),
    ],
    [
      'REQ-ISS-001 by one overseer alone',
      400,
      'request-malformed',
      releasing(async (burst) => [await statement(await one(), burst)]),
    ],
  ])('%s: %i %s, and it is held as before', async (...row) => {
    await expectRefused(suite, row);
  });

  it('REQ-ISS-031 by the one who decided, with a key that the region has struck off since: 403 release-refused', async () => {
    const { world, desk } = suite;
    const decider = await operatorSigner('clerk');
    await expectRefused(suite, [
      '',
      403,
      'release-refused',
      async () => {
        allowNone();
        const rule = 'close-contact-7d@1';
        const claims = {
          jti: 'p1',
          subject: await someone(),
          scheme: 'health',
          rule,
          until: addHours(world.now, 48),
          statement: 'Shared a flat with a case.',
        };
        const proposal = await desk.signed('clerk', 'proposal', claims);
        const { id } = (await desk.as('clerk', '/proposals', { proposal })).body;
        const approved = { proposal: id, verdict: 'approve', reason: 'Seen.' };
        const approval = await desk.signed('approver', 'approval', approved);
        const burst = String((await desk.as('approver', '/proposals/settle', { approval })).body['held']);
        const { federation, region } = world.publication;
        const authorities = Object.fromEntries(
          Object.entries(region.authorities).map(([name, office]) => {
            const operators = office.operators.filter(({ kid }) => kid !== decider.kid);
            return [name, { ...office, operators }];
          }),
        );
        const overseers = [...(federation.overseers ?? []), publishedKey(decider)];
        world.publication = {
          ...world.publication,
          region: { ...region, authorities },
          federation: { ...federation, overseers },
        };
        const releases = [
          await statement(await one(), burst, [rule]),
          await statement(decider, burst, [rule]),
        ];
        return () => desk.call('/bursts/release', { releases });
      },
    ]);
  });
});
