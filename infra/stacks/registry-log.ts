import { ANCHORS } from '@symbolon/functions/runtime/registry-log-anchors';
import { Construct } from 'constructs';
import { LOG_HEADS, letWriteLog, WITNESS_SECONDS } from '../constructs/log-site.ts';
import { LogState } from '../constructs/log-state.ts';
import type { NarrowRole } from '../constructs/narrow-role.ts';
import { ProtocolKeys } from '../constructs/protocol-keys.ts';
import type { StaticSite } from '../constructs/static-site.ts';

/** It lies beside what it logs. */
export const REGISTRY_LOG_FOLDER = 'log';
const KEY_FOLDER = 'symbolon/registry';
const KEY_NAME = 'log';
/** The alias of its key. */
export const REGISTRY_LOG_KEY = `${KEY_FOLDER}/${KEY_NAME}`;
const HEADS = [...LOG_HEADS, ANCHORS];
/** What changes of it, on the registry's site. */
export const REGISTRY_LOG_HEADS = HEADS.map((file) => `${REGISTRY_LOG_FOLDER}/${file}`);

export interface RegistryLogProps {
  readonly site: StaticSite;
  /** Those that publish: each publication is a leaf. */
  readonly usedBy: readonly NarrowRole[];
}

/**
 * The log of every publication of the registry: files beside it, a key of its own, and what its sequencer keeps. Whoever publishes logs. With it whoever runs the hub can show that every
 * publication was seen by witnesses, and cannot show two histories.
 */
export class RegistryLog extends Construct {
  readonly environment: Readonly<Record<'LOG_KEY' | 'LOG_STATE_URI' | 'WITNESS_SECONDS', string>>;

  constructor(scope: Construct, id: string, { site, usedBy }: RegistryLogProps) {
    super(scope, id);
    for (const role of usedBy) letWriteLog(site, role, `${REGISTRY_LOG_FOLDER}/`, HEADS);
    const state = new LogState(this, 'State', {
      description: "Encrypts what the sequencer of the registry's log keeps between rounds",
      usedBy,
    });
    const key = new ProtocolKeys(this, 'Key', {
      kind: 'notes',
      names: [KEY_NAME],
      folder: KEY_FOLDER,
      description: "Signs checkpoints of the registry's log, and nothing else",
      usedBy,
      to: 'SignCheckpoints',
    });
    this.environment = { LOG_KEY: key.uris, LOG_STATE_URI: state.uri, WITNESS_SECONDS };
  }
}
