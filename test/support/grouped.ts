/** 2160000 -> 2,160,000 */
export function grouped(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}
