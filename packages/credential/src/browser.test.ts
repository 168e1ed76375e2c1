import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** What an application bundles for the browser, run where there is no Buffer, no process and no node: module. */

const HERE = fileURLToPath(new URL('.', import.meta.url));
const BROWSER_BASE64URL = fileURLToPath(
  new URL('../../../node_modules/base64url-universal/lib/browser.js', import.meta.url),
);

async function bundle(source: string) {
  const result = await build({
    stdin: { contents: source, resolveDir: HERE, loader: 'ts' },
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
    banner: {
      js: 'globalThis.self = globalThis; delete globalThis.Buffer; delete globalThis.process; delete globalThis.global;',
    },
    // esbuild takes the Node entry of this one, because its exports hide its browser field.
    alias: { 'base64url-universal': BROWSER_BASE64URL },
  });
  const [output] = result.outputFiles;
  if (output === undefined) throw new Error('no output');
  return { text: output.text, inputs: Object.keys(result.metafile.inputs) };
}

/** Runs a bundle, and reads what it told. */
function run(text: string): unknown {
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-'], { input: text, encoding: 'utf8' }),
  );
}

describe('in a browser', () => {
  it('SD-JWT and QR: minted, checked, presented, packed, unpacked, read; without the JSON-LD code', async () => {
    const { text, inputs } = await bundle(`
      import { verifySignature } from '@symbolon/keys/signature';
      import { packQr } from './codecs/qr/pack.ts';
      import { unpackQr } from './codecs/qr/unpack.ts';
      import { checkMintedSdJwt } from './codecs/sd-jwt/check.ts';
      import { parseSdJwt } from './codecs/sd-jwt/parse.ts';
      import { presentSdJwt } from './codecs/sd-jwt/present.ts';
      import { DICTIONARY, holderSigner, issuerSigner, SHOWN_AT, sampleSdJwt } from './testing/sample.ts';
      const sdJwt = await sampleSdJwt();
      await checkMintedSdJwt(sdJwt, issuerSigner.publicJwk);
      const options = { audience: 'a', nonce: 'n', now: SHOWN_AT, holder: holderSigner };
      const shown = await presentSdJwt({ sdJwt, disclose: ['reason'], ...options });
      const read = parseSdJwt(unpackQr(packQr(shown, DICTIONARY), DICTIONARY));
      const { signingInput, signature } = read.keyBinding;
      console.log(JSON.stringify({
        level: read.claims.level,
        details: read.details,
        issuer: await verifySignature(issuerSigner.publicJwk, read.issuerSigningInput, read.signature),
        holder: await verifySignature(read.claims.holderKey, signingInput, signature),
        absent: [typeof Buffer, typeof process],
      }));
    `);
    expect(inputs.filter((path) => /jsonld|digitalbazaar|rdf-canonize|data-integrity/.test(path))).toEqual(
      [],
    );
    expect(run(text)).toEqual({
      level: 'green',
      details: { reason: 'No exposure in 14 days' },
      issuer: true,
      holder: true,
      absent: ['undefined', 'undefined'],
    });
  });

  it('Data Integrity: minted, presented, read and verified, with both kinds of keys', async () => {
    const { text } = await bundle(`
      import { issueDataIntegrity, parseDataIntegrity, presentDataIntegrity, verifyDataIntegrity, verifyDataIntegrityBinding } from './codecs/data-integrity/index.ts';
      import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
      import { DID, ed25519Signer, holderSigner, issuerSigner, SHOWN_AT, strangerSigner, UNLISTED } from './testing/sample.ts';
      const verified = [];
      for (const [signer, holder] of [[issuerSigner, ed25519Signer], [ed25519Signer, holderSigner]]) {
        const claims = { ...UNLISTED, holderKey: holder.publicJwk };
        const credential = await issueDataIntegrity({ did: DID, kid: signer.kid, claims, signer, random: insecureRandomFromSeed('b') });
        const shown = await presentDataIntegrity({ credential, audience: 'a', nonce: 'n', now: SHOWN_AT, holder });
        const read = parseDataIntegrity(shown);
        const forged = parseDataIntegrity(shown.replace('"green"', '"red"'));
        verified.push([
          await verifyDataIntegrity(read, signer.publicJwk),
          await verifyDataIntegrityBinding(read),
          await verifyDataIntegrity(read, strangerSigner.publicJwk),
          await verifyDataIntegrity(forged, signer.publicJwk),
          await verifyDataIntegrityBinding(forged),
        ]);
      }
      console.log(JSON.stringify(verified));
    `);
    const expected = [true, true, false, false, false];
    expect(run(text)).toEqual([expected, expected]);
  });

  it('Bitstring lists: issued, read and verified', async () => {
    const { text } = await bundle(`
      import { issueBitstringList, parseBitstringList, verifyBitstringList } from './codecs/bitstring-list/index.ts';
      import { addHours } from '@symbolon/protocol/instant';
      import { DID, HOUR, ISSUER, issuerSigner, strangerSigner } from './testing/sample.ts';
      const issued = await issueBitstringList({
        did: DID, kid: issuerSigner.kid, uri: ISSUER + '/lists/1.revocation', purpose: 'revocation', encodedList: 'uAAAA',
        issuedAt: HOUR, expiresAt: addHours(HOUR, 1), ttlSeconds: 300, signer: issuerSigner,
      });
      const forged = issued.replace('uAAAA', 'uAAAB');
      console.log(JSON.stringify([
        await verifyBitstringList(parseBitstringList(issued), issuerSigner.publicJwk),
        await verifyBitstringList(parseBitstringList(issued), strangerSigner.publicJwk),
        await verifyBitstringList(parseBitstringList(forged), issuerSigner.publicJwk),
      ]));
    `);
    expect(run(text)).toEqual([true, false, false]);
  });
});
