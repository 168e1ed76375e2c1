import type { Command } from 'commander';
import { checkCommand } from './rules/check.ts';
import { diffCommand } from './rules/diff.ts';
import { explainCommand } from './rules/explain.ts';
import { simulateCommand } from './rules/simulate.ts';

/** `symbolon rules`: whoever writes rules tries them here before anyone signs them. */
export function rulesCommands(rules: Command, setExitCode: (code: number) => void): void {
  rules.description(
    'Rule sets before they are published: whether they compile, what they say, and whom a change would concern.',
  );
  checkCommand(rules, setExitCode);
  explainCommand(rules);
  simulateCommand(rules);
  diffCommand(rules, setExitCode);
}
