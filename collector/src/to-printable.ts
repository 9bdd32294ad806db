/**
 * Makes foreign text safe for one line of a terminal: it replaces characters that move the cursor,
 * change the colour or hide text.
 */
export function toPrintable(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
