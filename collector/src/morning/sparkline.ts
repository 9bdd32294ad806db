const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Draws counts from 0 to the largest in one line, a character for each. */
export function sparkline(counts: readonly number[]): string {
  const largest = Math.max(1, ...counts);
  const last = BLOCKS.length - 1;
  return counts.map((n) => BLOCKS[Math.round((n / largest) * last)] ?? BLOCKS[last]).join('');
}
