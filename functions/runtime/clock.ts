import { type Instant, instant } from '@symbolon/protocol/instant';

export type Clock = () => Instant;

export const systemClock: Clock = () => instant(Math.floor(Date.now() / 1000));
