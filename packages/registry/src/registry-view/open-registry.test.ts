import { describe, expect, it } from 'vitest';
import { createSmallRegistry, NOW } from '../testing/small-registry.ts';
import { openRegistry } from './open-registry.ts';

describe('openRegistry', () => {
  it('reads', async () => {
    const { pinnedRoot, store } = await createSmallRegistry();
    const { view, state } = await openRegistry({ read: store.files, pinnedRoot, now: NOW, expiry: 'online' });
    console.log(JSON.stringify(view, null, 1).slice(0, 2000), state, [...store.files.keys()]);
    expect(view.version).toBe(1);
  });
});
