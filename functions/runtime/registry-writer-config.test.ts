import { describe, expect, it } from 'vitest';
import { RegistryPublishConfig } from '../registry-publish/config.ts';
import { RegistryTimestampConfig } from '../registry-timestamp/config.ts';
import { readConfiguration } from './configuration.ts';

const PLAIN = {
  OBJECTS_URI: 's3://registry',
  ROOT_SHA256: 'a'.repeat(64),
  SIGNING_KEYS: 'awskms:///alias/online',
};
const LOG = { LOG_STATE_URI: 's3://state/registry-log', LOG_KEY: 'awskms:///alias/registry-log' };

describe.each([
  ['registry-publish', RegistryPublishConfig],
  ['registry-timestamp', RegistryTimestampConfig],
])('the log of %s', (_, schema) => {
  it('is optional, and named whole or not at all', () => {
    expect(readConfiguration(schema, PLAIN)).toMatchObject({ OBJECTS_URI: PLAIN.OBJECTS_URI });
    expect(readConfiguration(schema, { ...PLAIN, ...LOG })).toMatchObject(LOG);
    for (const name of ['LOG_STATE_URI', 'LOG_KEY'] as const)
      expect(() => readConfiguration(schema, { ...PLAIN, [name]: LOG[name] })).toThrow(
        expect.objectContaining({ code: 'configuration-malformed', path: 'LOG_STATE_URI' }),
      );
  });
});
