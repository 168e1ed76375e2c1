declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface Options {
    /** Where the tables are kept; in memory when absent. */
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }
  /** A DynamoDB server, not yet listening. */
  export default function dynalite(options?: Options): Server;
}
