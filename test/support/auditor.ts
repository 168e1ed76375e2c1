import { runAudit } from '@symbolon/audit/audit';
import { type AuditReport, allResults } from '@symbolon/audit/report';
import type { Bytes } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import type { ClientState } from '@symbolon/registry/client-state';
import { readFrom } from '@symbolon/registry/source';
import { stateFolder } from '../../packages/cli/src/audit/state-folder.ts';
import type { AuditWorld } from './audit-world.ts';

/** One auditor, with a folder of its own, who looks at a world without any network. */
export interface Auditor {
  /** Paths of the log of decisions that were read since the last audit began. */
  readonly asked: string[];
  /** What it is shown instead of what is there. */
  readonly shown: Map<string, Bytes | undefined>;
  audit(now: Instant, isStopped?: () => boolean): Promise<AuditReport>;
}

export function auditorOf(folder: string, world: AuditWorld): Auditor {
  let clientState: ClientState | undefined;
  const asked: string[] = [];
  const shown = new Map<string, Bytes | undefined>();
  let milliseconds = 0;
  return {
    asked,
    shown,
    audit: (now, isStopped = () => false) => {
      asked.length = 0;
      return runAudit({
        registry: readFrom(world.fixture.files),
        pinnedRoot: world.fixture.pinnedRoot,
        clientState,
        keepClientState: async (state) => {
          clientState = state;
        },
        logAt: ({ origin }) => {
          const { store } = origin === world.registry.place.origin ? world.registry : world.decisions;
          return async (path) => {
            if (store !== world.decisions.store) return store.read(path);
            asked.push(path);
            return shown.has(path) ? shown.get(path) : store.read(path);
          };
        },
        regions: undefined,
        state: stateFolder(folder),
        now,
        isStopped,
        onProgress: () => undefined,
        clock: () => (milliseconds += 1000),
      });
    },
  };
}

/** What an audit found, as `check verdict code count: places`. */
export function found(report: AuditReport): readonly string[] {
  return allResults(report).flatMap(({ check, findings }) =>
    findings.map(
      ({ verdict, code, count, places }) => `${check} ${verdict} ${code} ${count}: ${places.join('; ')}`,
    ),
  );
}
