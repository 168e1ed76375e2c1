/** A title as the text of a Markdown heading: nothing in it is a link, an image, a tag or an emphasis. */
export function escapedTitle(title: string): string {
  return title
    .replaceAll(/[\\`*_[\]<>&|~!#@]/g, '\\$&')
    .replaceAll('://', '\\://')
    .replaceAll(/www\./gi, (www) => `${www.slice(0, 3)}\\.`);
}
