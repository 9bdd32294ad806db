import { withToken } from './admin-token.js';
import type { TestCollector } from './start-collector.js';

/** A line of metrics. */
export interface MetricsSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-z_][a-z\d_]*)(?:\{(.*)\})? (\S+)$/s;
const LABEL = /([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)/gs;

const ESCAPES: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

/** Reads the text format of Prometheus. */
export function readMetrics(text: string): MetricsSample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value] = LINE.exec(line) ?? [];
      if (name === '') throw new Error(`No line of metrics: ${line}`);
      const read = [...labels.matchAll(LABEL)].map(([, label = '', quoted = '']) => [
        label,
        quoted.replaceAll(/\\./g, (escape) => ESCAPES[escape] ?? escape),
      ]);
      return {
        name,
        labels: Object.fromEntries(read) as Record<string, string>,
        value: Number(value),
      };
    });
}

/** Scrapes a collector as its administrator. */
export async function scrape(collector: TestCollector): Promise<MetricsSample[]> {
  const { status, text } = await collector.stranger('/metrics', withToken());
  if (status !== 200) throw new Error(`Metrics are answered with ${status}: ${text}`);
  return readMetrics(text);
}

/** The values of a family by some of its labels. */
export function valuesOf(
  samples: readonly MetricsSample[],
  name: string,
  ...labels: readonly string[]
): Record<string, number> {
  return Object.fromEntries(
    samples
      .filter((sample) => sample.name === `headcount_${name}`)
      .map((sample) => [labels.map((one) => sample.labels[one]).join(' '), sample.value]),
  );
}
