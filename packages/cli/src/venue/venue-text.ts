import { formatInstant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { Trust } from '@symbolon/verifier/trust';
import type { VenueCode } from '@symbolon/verifier/venue';
import { heading, plain } from '../output/terminal.ts';

/** Who asks for what, why, and until when, for people. */
export function venueLines(code: VenueCode, { registry }: Trust): readonly string[] {
  const { region, venue, title, purpose, schemes, accept, onBearer, expiresAt } = code;
  const names = own(registry.regions, region)?.region.names;
  const who = title === undefined ? venue : plain(`${title.en} (${title.zh}), ${venue}`);
  const where = names === undefined ? region : plain(`${names.en} (${names.zh}), ${region}`);
  const asked = schemes.map((id) => {
    const titles = own(registry.schemes, id)?.titles;
    return titles === undefined ? id : plain(`${id} (${titles.en}, ${titles.zh})`);
  });
  return [
    heading(who),
    `  region    ${where}`,
    `  asks for  ${asked.join('; ')}`,
    `  purpose   ${purpose}`,
    `  accepts   ${plain(accept)}`,
    `  cards     ${onBearer === 'referred' ? 'a person decides' : onBearer}`,
    `  until     ${formatInstant(expiresAt)}`,
  ];
}

/** The same for machines. */
export function venueJson({ issuedAt, expiresAt, ...code }: VenueCode): object {
  return { ...code, issuedAt: formatInstant(issuedAt), expiresAt: formatInstant(expiresAt) };
}
