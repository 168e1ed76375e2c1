import { type Instant, parseInstant } from '@symbolon/protocol/instant';
import { EndpointUrl } from '@symbolon/protocol/schemas/common';
import { InvalidArgumentError } from 'commander';

/** An https URL (http on this machine only), without its trailing slash. */
export function repositoryUrl(value: string): string {
  if (!EndpointUrl.safeParse(value).success) {
    throw new InvalidArgumentError('It is an https URL without query; http is allowed on this machine only.');
  }
  return value.replace(/\/+$/, '');
}

/** `YYYY-MM-DDTHH:MM:SSZ`. */
export function instantOption(value: string): Instant {
  try {
    return parseInstant(value);
  } catch {
    throw new InvalidArgumentError('It has the form YYYY-MM-DDTHH:MM:SSZ.');
  }
}

export function count(bound: number) {
  return (value: string): number => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < 1 || number > bound)
      throw new InvalidArgumentError(`It is a number from 1 to ${bound}.`);
    return number;
  };
}
