import { BUNDLE } from '@symbolon/functions/runtime/registry-files';
import { STATE } from '@symbolon/functions/verifier-api/trust-memory';
import { Construct } from 'constructs';
import { ClosedFiles } from './closed-files.ts';
import type { NarrowRole } from './narrow-role.ts';

/**
 * What a verifier has seen of the registry, and a copy of the bundle that it went by: two objects, both public in what they say. Whoever can write them can make the
 * verifier forget, and so believe an older registry of the same federation, so one function writes them.
 *
 * Its loss costs the memory: until the next newer bundle, an old one that somebody serves would pass.
 */
export class TrustStore extends Construct {
  private readonly files = new ClosedFiles(this);

  letKeep(role: NarrowRole): void {
    this.files.allow(role, {
      to: 'KeepWhatWasSeen',
      actions: ['s3:GetObject', 's3:PutObject'],
      files: [STATE, BUNDLE],
    });
    this.files.allowToTellAbsence(role, 'TellAbsentState');
  }

  /** As the adapters read it. */
  get uri(): string {
    return this.files.uri;
  }
}
