import { httpFunction, type Route } from '../runtime/http-function.ts';
import { jsonLog } from '../runtime/log.ts';
import { type IssuerApi, issuerApi } from './dependencies.ts';
import { BURSTS } from './routes/bursts.ts';
import { CARDS } from './routes/cards.ts';
import { ENROLMENT } from './routes/enrolment.ts';
import { FACTS } from './routes/facts.ts';
import { MANUAL } from './routes/manual.ts';
import { WALLET } from './routes/wallet.ts';

/** The issuer's API, in the order in which a status comes about: someone is enrolled, facts come in, rules or people decide, a wallet or a card gets it. */
export const ROUTES: readonly Route<IssuerApi>[] = [
  ...ENROLMENT,
  ...FACTS,
  ...MANUAL,
  ...BURSTS,
  ...WALLET,
  ...CARDS,
];

export const handler = httpFunction(jsonLog('issuer-api'), issuerApi, ROUTES);
