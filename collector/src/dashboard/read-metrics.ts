/** A value of `GET /metrics`. */
export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples of `GET /metrics` by the names of their families, in their order. */
export type MetricSamples = ReadonlyMap<string, readonly MetricSample[]>;

/** Reads Prometheus's text format. Lines that are no samples are left out. */
export function readMetrics(text: string): MetricSamples {
  const families = new Map<string, MetricSample[]>();
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const samples = families.get(name) ?? [];
    families.set(name, samples);
    samples.push({ labels: readLabels(labels), value: Number(value) });
  }
  return families;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;

const readLabels = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char)),
    ]),
  );
