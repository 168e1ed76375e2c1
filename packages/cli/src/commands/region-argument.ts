import { isKid, isName, isRegionId } from '@symbolon/protocol/ids';
import { InvalidArgumentError } from 'commander';

export function regionArgument(value: string): string {
  if (!isRegionId(value)) throw new InvalidArgumentError('A region is written like CN-HA or CN-HB.wuhan.');
  return value;
}

export function kidArgument(value: string): string {
  if (!isKid(value))
    throw new InvalidArgumentError('A kid has 11 characters: see "symbolon registry status".');
  return value;
}

/** A reason is published, so it is a name, and no sentence about someone. */
export function nameOption(value: string): string {
  if (!isName(value)) throw new InvalidArgumentError('It is a name in lower case, such as leaked or lost.');
  return value;
}
