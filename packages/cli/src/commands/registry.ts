import type { Command } from 'commander';
import { addRegionCommand } from './registry/add-region.ts';
import { addAdminCommand, removeAdminCommand } from './registry/admins.ts';
import { createCommand } from './registry/create.ts';
import { diffCommand } from './registry/diff.ts';
import { doctorCommand } from './registry/doctor.ts';
import { historyCommand } from './registry/history.ts';
import { proposeCommand } from './registry/propose.ts';
import { publishCommand } from './registry/publish.ts';
import { removeRegionCommand } from './registry/remove-region.ts';
import { revokeKeyCommand } from './registry/revoke-key.ts';
import { rotateCommand } from './registry/rotate.ts';
import { signCommand } from './registry/sign.ts';
import { statusCommand } from './registry/status.ts';

/** `symbolon registry ...`: looking into the key registry, and the admins' ceremonies. Each command is in its own file. */
export function registryCommands(registry: Command, setExitCode: (code: number) => void): void {
  registry.addHelpText(
    'after',
    `
A change is a signing event, a folder: one command proposes it, its admins sign it, and it is published.
  symbolon registry add-region CN-HA ... --event henan
  symbolon registry sign henan --key wang.jwe
  symbolon registry publish henan --online-key awskms:///alias/registry`,
  );
  statusCommand(registry);
  historyCommand(registry);
  doctorCommand(registry, setExitCode);
  createCommand(registry);
  addRegionCommand(registry);
  removeRegionCommand(registry);
  addAdminCommand(registry);
  removeAdminCommand(registry);
  rotateCommand(registry);
  revokeKeyCommand(registry);
  proposeCommand(registry);
  diffCommand(registry);
  signCommand(registry, setExitCode);
  publishCommand(registry, setExitCode);
}
