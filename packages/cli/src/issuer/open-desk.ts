import type { OperatorRole } from '@symbolon/issuer/operators';
import type { StatementKind } from '@symbolon/issuer/statement';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Region } from '@symbolon/protocol/schemas/region';
import type * as z from 'zod/mini';
import { systemNow } from '../clock.ts';
import { passphrases } from '../custody/passphrase.ts';
import { signerAt } from '../custody/signer-at.ts';
import { plain } from '../output/terminal.ts';
import { ToldError } from '../told-error.ts';
import { UsageError } from '../usage-error.ts';
import type { IssuerOptions } from './issuer-options.ts';
import { type KnownRegion, openRegion } from './open-region.ts';
import { operatorTokens } from './operator-tokens.ts';
import { signed } from './signed.ts';

/** A region's issuer, as one of its operators reaches it. */
export interface IssuerDesk extends KnownRegion {
  /** The office that the operator's key is listed under, and what the key is listed for. */
  readonly authority: string;
  readonly roles: readonly string[];
  /** Posts with an access token for this one role, and checks the answer. */
  post<T extends z.core.$ZodType>(
    schema: T,
    path: string,
    body: object,
    role: OperatorRole,
  ): Promise<z.output<T>>;
  /** A statement by the operator's key. */
  sign(kind: StatementKind, claims: object): Promise<string>;
}

/** @throws SymbolonError `issuer-unknown`, `operator-unknown`, what opening key and trust throws; UsageError */
export async function openDesk(regionId: string, options: IssuerOptions): Promise<IssuerDesk> {
  const known = await openRegion(regionId, options);
  const { region } = known.view;
  const address = options.key ?? process.env['SYMBOLON_OPERATOR_KEY'];
  if (address === undefined)
    throw new UsageError('Name your operator key: --key FILE.jwe, or SYMBOLON_OPERATOR_KEY.');
  const signer = await signerAt(address, passphrases(options.passphraseFile));
  const endpoint = options.tokenEndpoint ?? process.env['SYMBOLON_TOKEN_ENDPOINT'];
  const tokenFor = operatorTokens({ endpoint, issuer: region.issuer, signer });
  const office = officeOf(region, signer.kid);
  return {
    ...known,
    ...office,
    sign: (kind, claims) => signed(kind, claims, { audience: region.issuer, now: systemNow(), signer }),
    post: async (schema, path, body, role) => {
      const token = await tokenFor(role, systemNow());
      return known.ask(schema, path, body, token).catch((error: unknown) => {
        throw withRole(error, role, office) ?? error;
      });
    },
  };
}

/** The region may list more than this trust folder knows, so the issuer is asked first; when it refuses, the role that is missing is told. */
function withRole(
  error: unknown,
  role: OperatorRole,
  { authority, roles }: Pick<IssuerDesk, 'authority' | 'roles'>,
): ToldError | undefined {
  const isRefusal = isSymbolonError(error) && ['forbidden', 'operator-unknown'].includes(error.code);
  if (!isRefusal || roles.includes(role)) return undefined;
  const listed = roles.length === 0 ? 'no role' : roles.join(', ');
  return new ToldError(
    error.code,
    `This takes the role ${role}: the region lists your key under ${authority} with ${plain(listed)}.`,
  );
}

function officeOf({ authorities }: Region, kid: string): { authority: string; roles: readonly string[] } {
  for (const [authority, { operators }] of Object.entries(authorities)) {
    const operator = operators.find((each) => each.kid === kid);
    if (operator !== undefined) return { authority, roles: operator.roles };
  }
  throw new SymbolonError('operator-unknown');
}
