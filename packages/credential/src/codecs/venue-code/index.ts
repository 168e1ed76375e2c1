export { VenueClaims } from './claims.ts';
export { packVenueCode } from './pack.ts';
export { type ParsedVenueCode, readVenueCode } from './read.ts';
export { writeVenueCode } from './write.ts';
