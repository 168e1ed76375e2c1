/** Of the registry and the trust bundle. */
export const REGISTRY = {
  'no-trust-anchor':
    'There is no pinned root: nothing can be verified. Run "symbolon trust init URL --sha256 HEX" or give --root FILE.',
  'metadata-malformed': 'A registry file does not have the form that TUF requires.',
  'metadata-too-large': 'A registry file is larger than allowed.',
  'metadata-signatures': 'A registry file is not signed by enough of the keys that may sign it.',
  'metadata-rollback':
    'A registry file is older than one seen before: it is refused. If you restored a backup, get the current files.',
  'metadata-expired': 'A registry file has expired.',
  'metadata-mismatch': 'A registry file has another version, length or hash than its parent says.',
  'metadata-missing': 'A registry file is missing.',
  'metadata-unreachable':
    'The registry could not be reached: verification goes on with what is stored; try again later.',
  'delegation-bounds': 'The registry delegates deeper or wider than allowed.',
  'target-unknown': 'The registry has no file of this name.',
  'role-overreach':
    'The registry carries a file of a region that another role signed: the whole registry is refused.',
  'root-mismatch':
    'The root is not the one that was pinned. To trust another registry, keep it in a folder of its own (--trust).',
  'stale-warn': 'The trust bundle is older than it should be: refresh it soon.',
  'stale-refer': 'The trust bundle is so old that a person must decide: refresh it.',
  'stale-block': 'The trust bundle is too old to rely on: refresh it.',
  'region-expired': 'The files of this region have expired: a person must decide.',
  'registry-expired': 'The root or targets file of the registry has expired: a person must decide.',
  'region-malformed': 'A file of this region in the registry is damaged or missing.',
  'trust-file-malformed':
    'A file of the trust folder is damaged. Nothing is believed without it: remove the folder, and pin the registry again with "symbolon trust init".',
  'bundle-malformed': 'The trust bundle is damaged: fetch it again.',
  'bundle-too-large': 'The trust bundle is larger than allowed.',
  'bundle-rollback': 'The trust bundle is older than one seen before: it is refused. Fetch the current one.',
  'publication-conflict': 'Another publication came first: read what it changed, then sign again.',
  'object-exists': 'A file of this name is already there with other content.',
  'dictionary-mutated':
    'The dictionary is append-only: a number was dropped or given another name. Append the new names instead.',
  'registry-stale':
    'The registry was last signed longer ago than it should be: nothing is signed on top of it.',
} as const;
