import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type IssuerDesk, issuerDesk } from './issuer-desk.ts';
import { type IssuerWorld, startIssuerWorld } from './issuer-world.ts';

export interface IssuerSuite {
  readonly world: IssuerWorld;
  readonly desk: IssuerDesk;
}

/**
 * One issuer for the tests of a file, each from the same state of its parts (what is stored stays: each test enrols people of its own). After every test each
 * log line is held against the catalogue, and against what was said by and of people.
 */
export function issuerSuite(): IssuerSuite {
  let started: IssuerSuite | undefined;
  beforeAll(async () => {
    const world = await startIssuerWorld();
    started = { world, desk: issuerDesk(world) };
  });
  afterAll(() => started?.world.stop());
  beforeEach(() => started?.world.begin());
  afterEach(() => expect(started?.world.record.stray()).toEqual([]));
  const running = () => {
    if (started === undefined) throw new TypeError('before the first test');
    return started;
  };
  return {
    get world() {
      return running().world;
    },
    get desk() {
      return running().desk;
    },
  };
}
