import type { Metric, Registry, RegistryContentType } from 'prom-client';
import type { Events } from './events.js';
import { FAMILIES, HTTP_SECONDS, QUESTION_SECONDS } from './families.js';
import { createGatherer, type Figures, type GatherParts } from './gather.js';
import { toHistogram } from './http-histogram.js';

/** The formats of metrics. */
export type MetricsFormat = 'openmetrics' | 'prometheus';

/** Metrics as a text. */
export interface MetricsText {
  readonly text: string;
  readonly contentType: string;
}

export interface MetricsParts extends GatherParts {
  readonly events: GatherParts['events'] & Pick<Events, 'listenToAnswers'>;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
}

/** The metrics of one collector. Nothing of them is shared with another in the same process. */
export interface Metrics {
  /** The present figures, at most 2 seconds old. */
  write(format: MetricsFormat): Promise<MetricsText>;
}

/** For how long figures are used again, in milliseconds: several may scrape. */
const REUSED_MS = 2000;

/** Creates the metrics. They cost nothing until they are first asked for. */
export function createMetrics(parts: MetricsParts): Metrics {
  const gather = createGatherer(parts);
  let printer: Promise<Printer> | undefined;
  let known: { readonly atMs: number; readonly texts: Promise<Texts> } | undefined;
  const writeAll = async (): Promise<Texts> => {
    printer ??= openPrinter(parts.events);
    return (await printer).print(await gather());
  };
  return {
    write: async (format) => {
      const nowMs = parts.monotonicMs();
      if (known === undefined || nowMs - known.atMs >= REUSED_MS) {
        known = { atMs: nowMs, texts: writeAll() };
      }
      const { texts } = known;
      try {
        return (await texts)[format];
      } catch (error) {
        known = undefined;
        throw error;
      }
    },
  };
}

type Texts = Readonly<Record<MetricsFormat, MetricsText>>;

interface Printer {
  print(figures: Figures): Promise<Texts>;
}

/** Loads prom-client, which takes 12 MB: many collectors are never scraped. */
async function openPrinter(events: Pick<Events, 'listenToAnswers'>): Promise<Printer> {
  const { Counter, Gauge, Histogram, Registry: OneRegistry } = await import('prom-client');
  const { name, help, labels, buckets } = QUESTION_SECONDS;
  const seconds = new Histogram({
    ...{ name, help, labelNames: labels, buckets: [...buckets], registers: [] },
  });
  events.listenToAnswers(({ path, ms }) => seconds.observe({ question: path }, ms / 1000));

  /** A histogram of prom-client with counts of our own: its own would begin at the first scrape. */
  const countedBefore = ({ http }: Figures): Metric<string> => {
    const { name, help, labels, buckets } = HTTP_SECONDS;
    const options = { name, help, labelNames: labels, buckets: [...buckets], registers: [] };
    const values = toHistogram(http);
    const get = () => Promise.resolve({ name, help, type: 'histogram', values });
    return Object.assign(new Histogram(options), { getForPromString: get });
  };
  const printIn = async (
    registry: Registry<RegistryContentType>,
    figures: Figures,
  ): Promise<MetricsText> => {
    for (const { name, help, type, labels, read } of FAMILIES) {
      const samples = read(figures);
      // Without labels, prom-client would write 0 for what is not known.
      if (samples.length === 0) continue;
      const options = { name, help, labelNames: labels, registers: [registry] };
      const metric = type === 'counter' ? new Counter(options) : new Gauge(options);
      for (const sample of samples) metric.inc(sample.labels, sample.value);
    }
    registry.registerMetric(countedBefore(figures));
    registry.registerMetric(seconds);
    return { text: await registry.metrics(), contentType: registry.contentType };
  };
  const openRegistry = (contentType: RegistryContentType): Registry<RegistryContentType> => {
    const registry = new OneRegistry<RegistryContentType>();
    registry.setContentType(contentType);
    return registry;
  };
  return {
    // Each registry is used once: in OpenMetrics, printing changes the names of its counters.
    print: async (figures) => ({
      prometheus: await printIn(openRegistry(OneRegistry.PROMETHEUS_CONTENT_TYPE), figures),
      openmetrics: await printIn(openRegistry(OneRegistry.OPENMETRICS_CONTENT_TYPE), figures),
    }),
  };
}
