import { readPresentation } from '../read-presentation.ts';

/** What no path of a file looks like: the QR text of a venue code, or its JWS. */
const CODE = /^(SYMV[0-9]+:|eyJ[\w-]+\.[\w-]+\.[\w-]+$)/;

/**
 * A venue code as it was given: the code itself, an image or text file, or `-` for standard input. Nothing in it is checked.
 *
 * @throws SymbolonError what `readPresentation` throws
 */
export async function venueInput(given: string): Promise<string> {
  return CODE.test(given) ? given : readPresentation(given);
}
