export interface PartWidth {
  /** Both as shares of the whole bar. */
  readonly x: number;
  readonly width: number;
}

/** No part with anybody in it is narrower. */
const LEAST = 0.003;

/**
 * Divides a bar into parts with gaps between them. Empty parts have no width and no gap; the widths of
 * the others and their gaps make up the bar.
 */
export function partWidths(sizes: readonly number[], gap: number): readonly PartWidth[] {
  const sum = sizes.reduce((total, size) => total + size, 0);
  const shown = sizes.filter((size) => size > 0).length;
  const room = 1 - gap * Math.max(0, shown - 1);
  const wanted = sizes.map((size) => (size > 0 ? Math.max(LEAST, (size / sum) * room) : 0));
  const wide = wanted.reduce((total, width) => total + width, 0);
  let x = 0;
  return wanted.map((width) => {
    const part = { x, width: wide > 0 ? (width / wide) * room : 0 };
    if (width > 0) x += part.width + gap;
    return part;
  });
}
