import type { Instant } from '@symbolon/protocol/instant';
import type { ListPublisher } from '../ports.ts';

/** One form of a list, signed. */
export interface ListFile {
  readonly id: string;
  readonly text: string;
  /** When such a text was signed. May throw for one that cannot be read. */
  readonly issuedAt: (text: string) => Instant;
}

/**
 * REQ-STA-009: publishes a list only over an older one, or over what cannot be read. Of two runs at once the slower one read its state first: what it signed
 * must not put back what the faster one has published since.
 *
 * The look comes just before the write and not with it, so two runs within the same moment can still pass each other; the next run finds that the list does
 * not say what it should, and publishes it anew. A list that a wrong clock dated ahead stays until that time: no reader who saw it would take an older one.
 *
 * @returns false when the one that is published is as new or newer
 */
export async function publishNewer(publisher: ListPublisher, file: ListFile): Promise<boolean> {
  const { id, text, issuedAt } = file;
  const published = await publisher.read(id);
  if (published !== undefined && timeOf(published, issuedAt) >= issuedAt(text)) return false;
  await publisher.publish(id, text);
  return true;
}

function timeOf(text: string, issuedAt: ListFile['issuedAt']): number {
  try {
    return issuedAt(text);
  } catch {
    return Number.NEGATIVE_INFINITY;
  }
}
