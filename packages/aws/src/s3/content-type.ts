/** Names of signed notes: the checkpoint of a log, and the newest one that enough witnesses have cosigned. */
const NOTES = ['checkpoint', 'witnessed'];

/** What a published file is served as. A checkpoint is text (C2SP tlog-tiles, "Checkpoints"); tiles and entry bundles are bytes. */
export function contentTypeOf(path: string): string {
  if (path.endsWith('.json')) return 'application/json';
  const name = path.slice(path.lastIndexOf('/') + 1);
  return NOTES.includes(name) ? 'text/plain; charset=utf-8' : 'application/octet-stream';
}
