/** Of what was shown, before anything of it is believed. */
export const DECODING = {
  'input-unreadable':
    'The input cannot be read as an image or a text: give a PNG or JPEG image, a SYM1: text, an SD-JWT or a JSON-LD credential.',
  'qr-none':
    'No QR code was found in the image: move closer, and keep the whole code with its white border in view.',
  'qr-several':
    'The image shows more than one QR code: show exactly one, so that it is clear which one was checked.',
  'presentation-too-large': 'The presentation is larger than the protocol allows.',
  'presentation-unrecognised':
    'This is not a Symbolon presentation: expected a SYM1: text, an SD-JWT or a JSON-LD credential.',
  'packing-version-unknown':
    'The QR text uses a packing version that this verifier does not know: update the verifier.',
  'base45-malformed': 'The QR text is not valid base45: it was misread or altered. Scan it again.',
  'packing-truncated': 'The QR text ends too early: it was cut off. Scan it again.',
  'packing-malformed':
    'The packed content does not have the form of a presentation: it was misread or altered.',
  'packing-not-canonical': 'The presentation was packed in another way than the one the protocol prescribes.',
  'dictionary-unknown': 'The QR text uses names from a newer dictionary: refresh the trust bundle.',
  'utf8-malformed': 'The text is not valid UTF-8.',
  'json-malformed': 'The text is not valid JSON.',
  'json-duplicate-name': 'A JSON object has the same name twice, or a forbidden one.',
  'json-too-deep': 'The JSON is nested deeper than the protocol allows.',
  'json-not-canonical': 'The JSON holds a number that has no canonical form: only whole numbers are allowed.',
  'base64url-malformed': 'A part is not canonical, unpadded base64url.',
  'hex-malformed': 'A part is not lower-case hexadecimal.',
  'jwt-malformed': 'The token is not built as it must be, or holds something that is not allowed.',
  'type-unexpected': 'This is of another type than the one that is expected here.',
  'claims-malformed': 'The credential lacks a required claim or has one of the wrong form.',
  'disclosure-malformed': 'A disclosure does not have the form that SD-JWT requires.',
  'disclosure-unreferenced': 'A disclosure does not belong to this credential, or is shown twice.',
  'context-unbundled':
    'The credential names a JSON-LD context that is not bundled here: contexts are never fetched.',
  'instant-malformed': 'A time does not have the form YYYY-MM-DDTHH:MM:SSZ, or is out of range.',
  'id-malformed': 'An id does not have the form that the protocol requires.',
  'line-malformed':
    'The line does not have the required form: {"id", "at", "presentation"}, the first two only where they are needed.',
} as const;
