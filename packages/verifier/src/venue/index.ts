export { openVenueCode } from './open-venue-code.ts';
export { audienceOfVenue, policyOfVenue, type VenueCode } from './venue-code.ts';
