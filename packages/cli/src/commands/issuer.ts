import type { Command } from 'commander';
import { admitCommand } from './issuer/admit.ts';
import { approveCommand } from './issuer/approve.ts';
import { approveMergeCommand } from './issuer/approve-merge.ts';
import { burstsCommand } from './issuer/bursts.ts';
import { cardCommand } from './issuer/card.ts';
import { enrolCommand } from './issuer/enrol.ts';
import { factsCommand } from './issuer/facts.ts';
import { guardianCommand } from './issuer/guardian.ts';
import { heldCommand } from './issuer/held.ts';
import { intakeCommand } from './issuer/intake.ts';
import { mergeCommand } from './issuer/merge.ts';
import { proposalsCommand } from './issuer/proposals.ts';
import { proposeCommand } from './issuer/propose.ts';
import { rejectCommand } from './issuer/reject.ts';
import { releaseCommand } from './issuer/release.ts';
import { releaseStatementCommand } from './issuer/release-statement.ts';
import { reviewCommand } from './issuer/review.ts';
import { withdrawCommand } from './issuer/withdraw.ts';

/** `symbolon issuer ...`: the work of a region's operators, over the region's own API. Each command is in its own file. */
export function issuerCommands(issuer: Command, setExitCode: (code: number) => void): void {
  issuer.addHelpText(
    'after',
    `
Every operator has a key of their own, which the region file lists under an office with roles. Say once where it is, and where access tokens come from:
  export SYMBOLON_OPERATOR_KEY=wang.jwe SYMBOLON_TOKEN_ENDPOINT=https://login.region.example/token
  symbolon issuer enrol CN-BJ --identifiers card.json
  symbolon issuer intake CN-BJ tests.jsonl --scheme health --source lab --source-key lab.jwe`,
  );
  enrolCommand(issuer);
  mergeCommand(issuer);
  approveMergeCommand(issuer);
  guardianCommand(issuer);
  intakeCommand(issuer, setExitCode);
  heldCommand(issuer);
  admitCommand(issuer, setExitCode);
  factsCommand(issuer);
  proposeCommand(issuer);
  proposalsCommand(issuer);
  reviewCommand(issuer);
  approveCommand(issuer, setExitCode);
  rejectCommand(issuer);
  withdrawCommand(issuer);
  burstsCommand(issuer);
  releaseStatementCommand(issuer, setExitCode);
  releaseCommand(issuer);
  cardCommand(issuer);
}
