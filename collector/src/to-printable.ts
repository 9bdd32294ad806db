/**
 * A text from elsewhere on one line of a terminal: without the characters that move the cursor,
 * change the colour, or show other text than there is.
 */
export function toPrintable(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
