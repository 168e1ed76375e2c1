import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ClosedFiles } from './closed-files.ts';
import type { NarrowRole } from './narrow-role.ts';

const LOGS = 'logs.txt';
const FOLDER = 'checkpoints';
const CHECKPOINTS = `${FOLDER}/*`;

/**
 * What a witness has seen: the newest checkpoint of each log, and the list of logs that people put there. All of it is public in what it says. Whoever can write here can make the witness
 * forget, and so cosign a second history: one function writes checkpoints, and old versions stay.
 *
 * Its loss ends the witness: with an empty memory it would cosign any history. It must come back under another name and key then.
 */
export class WitnessMemory extends Construct {
  private readonly files = new ClosedFiles(this, {
    oldVersions: { noncurrentVersionExpiration: Duration.days(30) },
  });

  letKeep(role: NarrowRole): void {
    this.files.allow(role, { to: 'ReadWhichLogs', actions: ['s3:GetObject'], files: [LOGS] });
    this.files.allow(role, {
      to: 'KeepWhatWasCosigned',
      actions: ['s3:GetObject', 's3:PutObject'],
      files: [CHECKPOINTS],
      because:
        'A checkpoint is named by the hash of its log, and people add logs without a deployment. The folder holds the newest checkpoint of each log and nothing else, all of it public. Nothing can be deleted.',
    });
    this.files.allowToTellAbsence(role, 'TellAbsentCheckpoints');
  }

  /** As the adapters read them. */
  get logsUri(): string {
    return `${this.files.uri}/${LOGS}`;
  }

  get stateUri(): string {
    return `${this.files.uri}/${FOLDER}`;
  }
}
