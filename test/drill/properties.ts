import type { DrillResult } from './drill.ts';
import { labelOf } from './outcome.ts';
import type { Check } from './simulation.ts';
import { expectedBands, SWEEPS, type Sweep } from './sweep.ts';
import { COUNTEREXAMPLES } from './tally.ts';

export interface Property {
  readonly title: string;
  readonly holds: boolean;
  /** The first few, one a line. */
  readonly counterexamples: readonly string[];
}

/** What a drill has to show. */
export function propertiesOf({ tally, missed }: DrillResult, sweeps: readonly Sweep[]): readonly Property[] {
  const { attack } = tally;
  const faulty = sweeps.filter(({ bands }, i) => {
    const options = SWEEPS[i];
    return options === undefined || JSON.stringify(bands) !== JSON.stringify(expectedBands(options));
  });
  return [
    property('no honest credential is refused', tally.falseRefusals, tally.falselyRefused.map(describe)),
    property(
      "honest credentials come to what the registry's age alone says",
      tally.surprises,
      tally.surprising.map(describe),
    ),
    property(
      'no verifier that has refreshed since the revocation accepts the stolen key',
      attack.acceptedByUpToDate,
      tally.falselyAccepted.map(describe),
    ),
    // Or the attack was none, and the property above says nothing.
    property('the stolen key was believed before, and refused since', Number(!wasSeen(attack)), []),
    property(
      'one missed signing changes no outcome',
      missed.changed.length + Number(missed.compared === 0),
      missed.changed.map(([without, withIt]) => `${describe(withIt)}, and without it ${labelOf(without)}`),
    ),
    property(
      'each grade of freshness comes in its hour',
      faulty.length + Math.abs(sweeps.length - SWEEPS.length),
      faulty.map(({ title }) => title),
    ),
  ];
}

function property(title: string, faults: number, counterexamples: readonly string[]): Property {
  return { title, holds: faults === 0, counterexamples: counterexamples.slice(0, COUNTEREXAMPLES) };
}

function wasSeen({ acceptedBefore, acceptedByOlder, refused }: DrillResult['tally']['attack']): boolean {
  return acceptedBefore > 0 && acceptedByOlder > 0 && refused > 0;
}

function describe(check: Check): string {
  const { hour, region, refreshed } = check;
  return `hour ${hour}: ${region}, last refresh in hour ${refreshed}: ${labelOf(check)}`;
}
