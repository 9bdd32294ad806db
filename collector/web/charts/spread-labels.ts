const LINE_PX = 14;

/**
 * Moves labels beside the ends of lines apart, so that none overlap, each as near to its line as there is
 * room within `top` and `bottom`. All in pixels, in the order given.
 */
export function spreadLabels(
  wanted: readonly number[],
  top: number,
  bottom: number,
): readonly number[] {
  const order = wanted.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y);
  const placed: number[] = [];
  let least = top;
  for (const { y, i } of order) {
    placed[i] = Math.max(y, least);
    least = (placed[i] ?? 0) + LINE_PX;
  }
  let most = bottom;
  for (const { i } of order.reverse()) {
    placed[i] = Math.min(placed[i] ?? 0, most);
    most = (placed[i] ?? 0) - LINE_PX;
  }
  return placed;
}
