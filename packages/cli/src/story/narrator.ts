import { styleText } from 'node:util';
import type { Code } from '@symbolon/protocol/codes';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import { textOf } from '@symbolon/protocol/texts';
import { heading } from '../output/terminal.ts';
import { verdictText } from '../output/verdict-text.ts';

/** Tells the story and keeps count of what did not go as it must. */
export interface Narrator {
  chapter(title: string): void;
  say(text: string): void;
  /** Shows a verdict in full, and notes whether it is the one that must come. */
  verdict(what: string, verdict: Verdict, expected: Expected): void;
  /** Shows one line: what was tried, and why it was refused. */
  refusal(what: string, verdict: Verdict, code: Code): void;
  check(what: string, holds: boolean): void;
  /** Whether everything went as it must. */
  succeeded(): boolean;
}

export interface Expected {
  readonly outcome: Verdict['outcome'];
}

export function narrator(print: (text: string) => void): Narrator {
  let failures = 0;
  const mark = (holds: boolean) => {
    if (!holds) failures++;
    return holds ? styleText('green', '✓') : styleText('red', '✗');
  };
  const indent = (text: string) => text.replace(/^/gm, '    ');
  return {
    chapter: (title) => print(`\n${heading(title)}`),
    say: (text) => print(`  ${text}`),
    verdict: (what, verdict, { outcome }) => {
      print(`  ${mark(verdict.outcome === outcome)} ${what}`);
      print(indent(verdictText(verdict)));
    },
    refusal: (what, verdict, code) => {
      const found =
        verdict.outcome === 'refused' && verdict.findings.some((finding) => finding.code === code);
      const first = verdict.findings[0];
      const reason = found || first === undefined ? code : first.code;
      print(`  ${mark(found)} ${what}: ${styleText('red', verdict.outcome)}. ${textOf(reason)} [${reason}]`);
    },
    check: (what, holds) => print(`  ${mark(holds)} ${what}`),
    succeeded: () => failures === 0,
  };
}
