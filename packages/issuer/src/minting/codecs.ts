import type { Details, StatusClaims } from '@symbolon/credential/model';
import type { Signer } from '@symbolon/keys/signer';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { Region } from '@symbolon/protocol/schemas/region';
import type { Format } from './validity.ts';

export interface MintInput {
  readonly region: Region;
  readonly claims: StatusClaims;
  readonly details: Details;
  readonly signer: Signer;
  readonly random: RandomBytes;
}

export interface MintingCodec {
  issue(input: MintInput): Promise<string>;
  /** Verifies what was minted against the published key. @throws SymbolonError `minted-check-failed` */
  check(minted: string, published: PublicJwk): Promise<void>;
}

/** Loaded when first asked for: the JSON-LD code is ten times the size of the SD-JWT code, and most requests do not need it. */
export function codecFor(format: Format): Promise<MintingCodec> {
  return format === 'dc+sd-jwt' ? sdJwtCodec() : dataIntegrityCodec();
}

async function sdJwtCodec(): Promise<MintingCodec> {
  const [{ issueSdJwt }, { checkMintedSdJwt }] = await Promise.all([
    import('@symbolon/credential/sd-jwt/issue'),
    import('@symbolon/credential/sd-jwt/check'),
  ]);
  return {
    issue: ({ region, ...rest }) => issueSdJwt({ issuer: region.issuer, ...rest }),
    check: checkMintedSdJwt,
  };
}

async function dataIntegrityCodec(): Promise<MintingCodec> {
  const { issueDataIntegrity, parseDataIntegrity, verifyDataIntegrity } = await import(
    '@symbolon/credential/data-integrity'
  );
  return {
    issue: ({ region, claims, signer, random }) =>
      issueDataIntegrity({ did: region.did, kid: signer.kid, claims, signer, random }),
    check: async (minted, published) => {
      if (!(await verifyDataIntegrity(parseDataIntegrity(minted), published))) {
        throw new SymbolonError('minted-check-failed');
      }
    },
  };
}
