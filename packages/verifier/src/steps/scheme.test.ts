import { describe, expect, it } from 'vitest';
import { findingsOf } from '../testing/findings-of.ts';
import { HEALTH, trustOf } from '../testing/plain-trust.ts';
import { CLAIMS, decodedOf } from '../testing/presentations.ts';
import { findScheme } from './scheme.ts';

const find = (scheme: string, major: number) =>
  findingsOf('time', (findings) => findScheme(decodedOf({ ...CLAIMS, scheme, major }), trustOf(), findings));

describe('step scheme', () => {
  it('finds the scheme of that name and version', async () => {
    expect(await find('health', 1)).toEqual({ result: HEALTH, found: [] });
  });

  it.each([
    ['travel', 1],
    ['health', 2],
    ['constructor', 1],
    ['__proto__', 1],
    ['toString', 1],
  ])('REQ-REC-001 scheme-unknown: %s, version %i', async (scheme, major) => {
    expect(await find(scheme, major)).toEqual({
      result: undefined,
      found: ['scheme-unknown not-authentic'],
    });
  });
});
