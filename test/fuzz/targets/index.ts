import type { Meter } from '../meter.ts';
import type { Target } from '../target.ts';
import { openBundleTarget } from './bundle.ts';
import { openJsonLdTarget } from './json-ld.ts';
import { openQrTarget } from './qr.ts';
import { openSdJwtTarget } from './sd-jwt.ts';

export interface Opening {
  readonly meter: Meter;
  readonly genuine?: readonly string[] | undefined;
}

export const TARGETS: ReadonlyMap<string, (opening: Opening) => Promise<Target>> = new Map([
  ['sd-jwt', openSdJwtTarget],
  ['json-ld', openJsonLdTarget],
  ['qr', openQrTarget],
  ['bundle', openBundleTarget],
]);
