import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { REPLAY_SECONDS } from '@symbolon/protocol/limits';
import type { SharedReplayMemory } from '@symbolon/verifier/shared-replay-memory';
import { N } from './attributes.ts';
import { itemsOf } from './items.ts';
import { alone } from './keys.ts';

/**
 * A replay memory that scanners share in a table: one conditional write for each claim. An item whose window is over counts as absent, whether it was
 * deleted or not. The client decides how long an answer is waited for: give it few retries and short timeouts, as someone stands at the gate.
 */
export function replayMemory(client: DynamoDBClient, table: string): SharedReplayMemory {
  const items = itemsOf(client, table);
  return {
    claim: async (presentationId, now) => {
      const change = { set: { expiresAt: N(now + REPLAY_SECONDS) } };
      const claimed = await items.update(alone(`REPLAY#${presentationId}`), change, {
        below: ['expiresAt', now],
      });
      return claimed !== undefined;
    },
  };
}
