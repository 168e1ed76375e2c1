import type { VerifyResult } from 'jsonld-signatures';

/** The library can reject where it says that it answers `verified: false`. */
export async function isVerified(verification: () => Promise<VerifyResult>): Promise<boolean> {
  try {
    return (await verification()).verified === true;
  } catch {
    return false;
  }
}
