import { describe, expect, it } from 'vitest';
import { IssuerApiConfig } from '../issuer-api/config.ts';
import { StatusPublishConfig } from '../status-publish/config.ts';
import { readConfiguration } from './configuration.ts';

describe('a configuration is read once and whole', () => {
  it('names every missing or wrong variable at once, and no value', () => {
    try {
      readConfiguration(IssuerApiConfig, {
        REGION: 'SECRET value',
        TABLE_NAME: 'table',
        SIGNING_KEYS: 'ftp://SECRET',
      });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'configuration-malformed' });
      const path = String(Object(error).path).split(', ').toSorted();
      expect(path).toEqual([
        'BLIND_INDEX_URI',
        'LIST_ENTRIES',
        'OPERATOR_ISSUER',
        'OPERATOR_JWKS_URI',
        'REGION',
        'REGISTRY_URL',
        'ROOT_SHA256',
        'SEALING_URI',
        'SIGNING_KEYS',
      ]);
      expect(String(error)).not.toContain('SECRET');
    }
  });

  it('REQ-ISS-015 needs one place for keys that sign, and what opens that place', () => {
    const faults = (given: Record<string, string>) => {
      const environment = {
        REGION: 'CN-BJ',
        REGISTRY_URL: 'https://hub.symbolon.test',
        ROOT_SHA256: '0'.repeat(64),
        TABLE_NAME: 'table',
        OBJECTS_URI: 'file:///lists/',
        LIST_ENTRIES: '8',
        LIST_TTL_SECONDS: '1',
        LIST_RESIGN_SECONDS: '1',
        LIST_READABLE_SECONDS: '1',
        LIST_AHEAD_HOURS: '1',
        ...given,
      };
      try {
        return readConfiguration(StatusPublishConfig, environment);
      } catch (error) {
        return Object(error).path;
      }
    };
    expect(faults({})).toBe('EPOCH_KEYS_URI');
    expect(faults({ TABLE_NAME: 'x' })).toBe('TABLE_NAME, EPOCH_KEYS_URI');
    expect(faults({ EPOCH_KEYS_URI: 's3://keys' })).toBe('WRAPPING_KEY_URI');
    expect(faults({ EPOCH_KEYS_URI: 's3://keys', WRAPPING_KEY_URI: 'file:///key' })).toBe('WRAPPING_KEY_URI');
    for (const given of [
      { SIGNING_KEYS: 'awskms:///a,file:///b.jwe' },
      { EPOCH_KEYS_URI: 's3://keys', WRAPPING_KEY_URI: 'awskms:///key' },
      { EPOCH_KEYS_URI: 'file:///keys/', SIGNING_KEYS: 'awskms:///a' },
    ])
      expect(faults(given)).toMatchObject({ REGION: 'CN-BJ' });
  });
});
