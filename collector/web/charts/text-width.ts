const LATIN_PX = 6.8;
const WIDE_PX = 12;

/** From here on, characters of Chinese, Japanese and Korean fill a square. */
const FIRST_WIDE = 0x2e80;

/** About how wide a text of 12 px is. Charts are drawn without a document to measure it in. */
export const textWidth = (text: string): number =>
  Array.from(text).reduce(
    (sum, char) => sum + ((char.codePointAt(0) ?? 0) >= FIRST_WIDE ? WIDE_PX : LATIN_PX),
    0,
  );
