import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { NarrowRole } from './narrow-role.ts';
import { StaticSite } from './static-site.ts';

/** What changes of a log: its newest checkpoint, and the newest that enough witnesses have seen (packages/log). */
export const LOG_HEADS = ['checkpoint', 'witnessed'] as const;
/** How long a log waits for each witness in a round. */
export const WITNESS_SECONDS = '3';
/** Tiles and entries: each is written once. */
const LOG_TILES = 'tile/*';

/**
 * Lets a role write the public files of a log.
 *
 * @param folder where they lie on the site, with a slash at its end; the site itself, when empty
 * @param heads what changes of the log, below the folder
 */
export function letWriteLog(
  site: StaticSite,
  role: NarrowRole,
  folder: string = '',
  heads: readonly string[] = LOG_HEADS,
): void {
  site.allow(role, {
    to: 'ReadAndWriteTheLog',
    actions: ['s3:GetObject', 's3:PutObject'],
    files: [...heads, LOG_TILES].map((file) => `${folder}${file}`),
    because: `A tile is named by its place in the tree, which grows without an end. All below ${folder}tile/ is public; whoever reads it checks it against the signed checkpoint, and the bucket keeps what was written over. Nothing can be deleted.`,
  });
}

export interface LogSiteProps {
  readonly domain: string;
  readonly certificateArn: string;
  readonly description: string;
}

/** The public files of a log on a site of their own (C2SP tlog-tiles). A tile keeps its content for good, so it may be cached for good. */
export class LogSite extends Construct {
  readonly site: StaticSite;

  constructor(scope: Construct, id: string, props: LogSiteProps) {
    super(scope, id);
    this.site = new StaticSite(this, 'Site', {
      ...props,
      changing: LOG_HEADS,
      // Whoever waits for a leaf, or watches for a burst, looks every few seconds.
      late: Duration.seconds(2),
    });
  }

  letWrite(role: NarrowRole): void {
    letWriteLog(this.site, role);
    this.site.allowToTellAbsence(role);
  }

  letRead(role: NarrowRole): void {
    this.site.allow(role, {
      to: 'ReadTheLog',
      actions: ['s3:GetObject'],
      files: [...LOG_HEADS, LOG_TILES],
      because:
        'A tile is named by its place in the tree, which grows without an end. All below tile/ is public, and the right is to read.',
    });
    this.site.allowToTellAbsence(role, 'TellAbsentTiles');
  }

  /** As the adapters read it. */
  get uri(): string {
    return this.site.uri;
  }
}
