/** W3C Verifiable Credentials 2.0 (VC Data Model 2.0, section 4.3). */
export const CREDENTIALS_V2 = 'https://www.w3.org/ns/credentials/v2';

/** The terms of Symbolon. The document is contexts/status-v1.json, and never changes under this URL. */
export const STATUS_V1 = 'https://symbolon.example/contexts/status/v1';
