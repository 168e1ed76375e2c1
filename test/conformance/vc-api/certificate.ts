import { Buffer } from 'node:buffer';
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { bits, boolean, der, integer, octets, oid, sequence, set, text, utcTime } from './der.ts';

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const NAME = sequence(set(sequence(oid('2.5.4.3'), text('Symbolon conformance server'))));
const LIFE_MS = 7 * 24 * 3600 * 1000;
/** A clock that is somewhat behind shall find it valid. */
const BACK_MS = 3600 * 1000;

/** As TLS takes it; both PEM. */
export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
}

/** A new P-256 key and a certificate that it signed itself (RFC 5280), for this machine under its loopback names only. */
export function createSelfSigned(now: Date): TlsIdentity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const serial = randomBytes(16);
  // Positive, and with a first byte that is not zero: DER has one form of a number.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const validity = sequence(
    utcTime(new Date(now.getTime() - BACK_MS)),
    utcTime(new Date(now.getTime() + LIFE_MS)),
  );
  const body = sequence(
    der(0xa0, integer(Uint8Array.of(2))),
    integer(serial),
    ECDSA_WITH_SHA256,
    NAME,
    validity,
    NAME,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(...extensions())),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = sequence(body, ECDSA_WITH_SHA256, bits(signature));
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: pem('CERTIFICATE', certificate),
  };
}

/** Sections 4.2.1.6 and 4.2.1.9: its names, and that it certifies itself. */
function extensions(): Uint8Array[] {
  const dns = der(0x82, Buffer.from('localhost', 'ascii'));
  const ipv4 = der(0x87, Uint8Array.of(127, 0, 0, 1));
  return [
    sequence(oid('2.5.29.17'), octets(sequence(dns, ipv4))),
    sequence(oid('2.5.29.19'), boolean(true), octets(sequence(boolean(true)))),
  ];
}

function pem(label: string, content: Uint8Array): string {
  const lines =
    Buffer.from(content)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
