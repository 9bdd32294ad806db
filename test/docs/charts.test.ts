import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const read = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');

interface Row {
  readonly label: string;
  readonly metrics: { readonly importMs: { readonly median: number } };
}

it('a bar is longer by the same for each tenfold of its figure, and only ours are coloured', () => {
  const { import: measured } = JSON.parse(read('bench/results/client.json')) as {
    import: { rows: Row[] };
  };
  const bars = [
    ...read('docs/charts/import.svg').matchAll(/<rect [^>]*width="(.+?)".*fill="(.+?)"/g),
  ];
  expect(bars).toHaveLength(measured.rows.length);
  const points = measured.rows.map(({ label, metrics }, at) => ({
    isOwn: label === 'headcount',
    decades: Math.log10(metrics.importMs.median),
    width: Number(bars[at]?.[1]),
    fill: bars[at]?.[2],
  }));
  const longest = points.toSorted((a, b) => b.width - a.width)[0];
  const shortest = points.toSorted((a, b) => a.width - b.width)[0];
  const perDecade =
    ((longest?.width ?? 0) - (shortest?.width ?? 0)) /
    ((longest?.decades ?? 0) - (shortest?.decades ?? 0));
  for (const { decades, width } of points) {
    expect(width - (shortest?.width ?? 0)).toBeCloseTo(
      (decades - (shortest?.decades ?? 0)) * perDecade,
      0,
    );
  }
  const fills = (own: boolean): Set<string | undefined> =>
    new Set(points.filter(({ isOwn }) => isOwn === own).map(({ fill }) => fill));
  expect(fills(true)).not.toEqual(fills(false));
  expect([fills(true).size, fills(false).size]).toEqual([1, 1]);
});
