import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { bodyOf } from './request.ts';

const reading = (body: Uint8Array, isBase64Encoded: boolean) => () => {
  const event: unknown = {
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(body).toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
  return bodyOf(event as APIGatewayProxyEventV2, { accepts: 'application/json' });
};
const JSON_TEXT = Buffer.from('{"a":"ä"}');

describe('the body of a request', () => {
  it('is strict JSON', () => {
    expect(reading(JSON_TEXT, false)()).toEqual({ a: 'ä' });
  });

  it('REQ-DEC-012 that is no UTF-8 is refused by name, and one that only came as binary is not read', () => {
    const code = (name: string) => expect.objectContaining({ code: name });
    expect(reading(Uint8Array.of(0x22, 0xff, 0x22), true)).toThrowError(code('utf8-malformed'));
    expect(reading(JSON_TEXT, true)).toThrowError(code('request-malformed'));
  });
});
