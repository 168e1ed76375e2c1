import { describe, expect, it } from 'vitest';
import { IssuerApiConfig } from '../issuer-api/config.ts';
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
});
