import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchedPorts } from '../../packages/issuer/src/testing/watched-ports.ts';
import { drawGrowth } from './growth-chart.ts';
import { type LoadResult, runLoad, type Step } from './load.ts';
import { expectedLevels, personOf } from './person.ts';
import { reportOf } from './report.ts';
import type { World } from './world.ts';

/** The load of `npm run load`, small: the same steps for fewer. */
const PEOPLE = 3000;
const RUN = fileURLToPath(new URL('run.ts', import.meta.url));
const numbers = Array.from({ length: PEOPLE }, (_, number) => number);

describe('3,000 people: enrolled, reported of, evaluated, evaluated anew', () => {
  it('REQ-ISS-014 everyone has the decision that they must have, and was visited once', async () => {
    const visits = new Map<string, number>();
    let step: Step | undefined;
    const watch = (world: World): World => ({
      ...world,
      ports: watchedPorts(world.ports, (name, [subject], call) => {
        if (step === 'reevaluate' && name === 'facts.list' && typeof subject === 'string')
          visits.set(subject, (visits.get(subject) ?? 0) + 1);
        return call();
      }),
    });
    const progress = (now: Step) => {
      step = now;
    };
    const result = await runLoad({ people: PEOPLE, progress, watch });
    expect(result.faults).toEqual([]);
    expect([visits.size, new Set(visits.values())]).toEqual([PEOPLE, new Set([1])]);

    // As many as can be told by hand: two in a hundred were in the place, and of the rest those whose test is 48 hours old or older.
    expect(result.facts).toBe(PEOPLE + PEOPLE / 50);
    expect(result.changed).toBe(
      numbers.filter((number) => expectedLevels(personOf(number)).length > 1).length,
    );
    expect(result.changed).toBeGreaterThan(PEOPLE / 6);
    expect(result.steps.map(({ step: name, of }) => [name, of])).toEqual([
      ['enrol', PEOPLE],
      ['take in', PEOPLE],
      ['mint', Math.ceil(PEOPLE / 97) * 8],
      ['reevaluate', PEOPLE],
      ['publish', 1],
    ]);
    expect(result.intake.map(({ people }) => people)).toEqual(
      Array.from({ length: 10 }, (_, i) => ((i + 1) * PEOPLE) / 10),
    );
    expect(result.reevaluation.at(-1)?.people).toBe(PEOPLE);
    expect(result.peakBytes).toBeGreaterThan(result.storeBytes);
    expect(result.storeBytes).toBeGreaterThan(PEOPLE * 100);
  });

  it.each<[what: string, port: string, call: number, broken: unknown]>([
    // The first 200 are those of the intake, and what is lost there the re-evaluation makes good.
    ['a decision of the new rules that is not appended', 'decisions.append', 210, true],
    ['a suspension that is lost', 'lists.flag', 3, undefined],
  ])('has teeth: %s is found out', async (_what, port, number, answer) => {
    let calls = 0;
    const watch = (world: World): World => ({
      ...world,
      ports: watchedPorts(world.ports, (name, _args, call) =>
        name === port && ++calls === number ? answer : call(),
      ),
    });
    const { faults } = await runLoad({ people: 200, watch });
    expect(faults[0]).toMatch(/^person \d+: /);
  });
});

describe('npm run load', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'symbolon-load-test-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function load(...args: string[]) {
    const child = spawn(process.execPath, [RUN, ...args]);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code] = await once(child, 'close');
    return { code, stdout, stderr };
  }

  it('--json prints one JSON object and nothing else; the drawing has every step that grows', async () => {
    const { code, stdout, stderr } = await load('--subjects', '300,100', '--json', '--out', folder);
    expect([code, stderr]).toEqual([0, '']);
    const { results, drawing }: { results: LoadResult[]; drawing: string } = JSON.parse(stdout);
    expect(results.map(({ people, faults }) => [people, faults])).toEqual([
      [100, []],
      [300, []],
    ]);
    expect(drawing).toBe(join(folder, 'load.svg'));
    const drawn = await readFile(drawing, 'utf8');
    expect(drawn).toBe(drawGrowth(results));
    expect(drawn).toContain('everyone evaluated anew by new rules');
    expect(drawn).not.toMatch(/NaN|Infinity/);
    expect(drawn.length).toBeLessThan(60_000);
    expect(reportOf(results)).toMatch(/^ *300 +reevaluate +300 people +/m);
  });

  it.each([['--subjects', '99'], ['--subjects', '1e6'], ['--subjects', ''], ['--fast'], ['1000']])(
    'wrong usage (%s %s) is told in a sentence and exits with 64',
    async (...args) => {
      const { code, stdout, stderr } = await load(...args.filter((each) => each !== undefined));
      expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
      expect(stderr).toMatch(/^.+\nMore: npm run load -- --help\n$/);
    },
  );
});
