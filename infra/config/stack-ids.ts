export const REGISTRY_STACK = 'symbolon-registry';

/** `CN-HB.wuhan` -> `CN-HB--wuhan`: CloudFormation and KMS aliases take no dots. The configuration refuses two regions that meet here. */
export function nameOfRegion(id: string): string {
  return id.replaceAll('.', '--');
}

export function regionStack(id: string): string {
  return `symbolon-region-${nameOfRegion(id)}`;
}

export function witnessStack(id: string): string {
  return `symbolon-witness-${id}`;
}

export function verifierStack(id: string): string {
  return `symbolon-verifier-${id}`;
}
