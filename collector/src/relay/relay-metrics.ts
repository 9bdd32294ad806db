import type { Registry, RegistryContentType } from 'prom-client';
import type { Metrics, MetricsText } from '../metrics/metrics.js';
import type { Sample } from '../metrics/tally.js';
import type { RelayFigures } from './examine-forwarding.js';
import type { RelayCondition, RelayHealth } from './watch-relay.js';

export interface RelayMetricsParts {
  readonly figures: () => RelayFigures;
  readonly health: Pick<RelayHealth, 'look'>;
  /** Reports that were put into the journal since the start. */
  readonly accepted: () => number;
  /** Reports that were refused here since the start, by the codes of problems. */
  readonly rejected: () => readonly Sample[];
  readonly now: () => Date;
}

interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Creates the metrics of a relay. */
export function createRelayMetrics(parts: RelayMetricsParts): Metrics {
  const startedAt = parts.now().getTime();
  return {
    write: async (format) => {
      // Loaded only now, since it takes 12 MB.
      const { Counter, Gauge, Registry: OneRegistry } = await import('prom-client');
      const registry: Registry<RegistryContentType> = new OneRegistry<RegistryContentType>();
      registry.setContentType(
        format === 'openmetrics'
          ? OneRegistry.OPENMETRICS_CONTENT_TYPE
          : OneRegistry.PROMETHEUS_CONTENT_TYPE,
      );
      for (const { name, type, help, samples } of gather(
        parts,
        await parts.health.look(),
        startedAt,
      )) {
        const [first] = samples;
        if (first === undefined) continue;
        const labelNames = Object.keys(first.labels);
        const options = { name, help, labelNames, registers: [registry] };
        const metric = type === 'counter' ? new Counter(options) : new Gauge(options);
        for (const { labels, value } of samples) metric.inc(labels, value);
      }
      const text = await registry.metrics();
      return { text, contentType: registry.contentType } satisfies MetricsText;
    },
  };
}

const one = (value: number | null): Sample[] => (value === null ? [] : [{ labels: {}, value }]);

function gather(
  { figures, accepted, rejected, now }: RelayMetricsParts,
  conditions: readonly RelayCondition[],
  startedAt: number,
): Family[] {
  const of = figures();
  const { oldestAt, trouble, answeredAt } = of;
  const ageMs = oldestAt === null ? 0 : Math.max(0, now().getTime() - oldestAt);
  const gauge = (name: string, help: string, value: number | null): Family => ({
    ...{ name: `headcount_relay_${name}`, type: 'gauge', help, samples: one(value) },
  });
  const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({
    ...{ name: `headcount_relay_${name}_total`, type: 'counter', help, samples },
  });
  const states = (
    severity: RelayCondition['severity'],
    label: string,
    toValue: (isWell: boolean) => boolean,
  ): Sample[] =>
    conditions
      .filter((one) => one.severity === severity)
      .map(({ name, state }) => ({
        labels: { [label]: name },
        value: toValue(state === 'ok') ? 1 : 0,
      }));
  const several = (name: string, help: string, samples: readonly Sample[]): Family => ({
    ...{ name: `headcount_relay_${name}`, type: 'gauge', help, samples },
  });
  const times = conditions.flatMap(({ name, unit, value }) =>
    unit === 'seconds' && value !== null ? [{ labels: { condition: name }, value }] : [],
  );
  const { user, system } = process.cpuUsage();
  return [
    gauge('waiting_reports', 'Reports that wait to be passed on.', of.waiting),
    gauge('held_reports', 'Of these, reports that are left alone for a while.', of.held),
    gauge('oldest_report_age_seconds', 'How long the oldest of them has waited.', ageMs / 1000),
    gauge('journal_bytes', 'Bytes of the journal.', of.journalBytes),
    gauge('journal_limit_bytes', 'Bytes that the journal may have.', of.maxJournalBytes),
    gauge('collector_up', 'Whether the last request to the collector did well.', trouble ? 0 : 1),
    gauge(
      'collector_answered_timestamp_seconds',
      'When the collector last took or judged reports.',
      answeredAt === null ? null : answeredAt / 1000,
    ),
    several(
      'component_up',
      'Whether a component of /health works; 0 if it is failing.',
      states('critical', 'component', (isWell) => isWell),
    ),
    several(
      'warning',
      'Whether /health has a warning, by its name there.',
      states('warning', 'warning', (isWell) => !isWell),
    ),
    several(
      'condition_seconds',
      'The value of a condition of /health that is a time. Missing if it is not known.',
      times,
    ),
    counter('accepted_reports', 'Reports that were put into the journal.', one(accepted())),
    counter('rejected_reports', 'Reports that the relay refused.', rejected()),
    counter('forwarded_reports', 'Reports that the collector has taken.', one(of.forwarded)),
    counter('refused_reports', 'Reports that the collector refused for good.', of.refused),
    counter('failed_requests', 'Requests to the collector that failed.', one(of.failures)),
    {
      ...{ name: 'process_cpu_seconds_total', type: 'counter' },
      ...{ help: 'Time of processors that the process has used.' },
      samples: one((user + system) / 1e6),
    },
    {
      ...{ name: 'process_resident_memory_bytes', type: 'gauge' },
      ...{ help: 'Memory that the process takes.', samples: one(process.memoryUsage.rss()) },
    },
    {
      ...{ name: 'process_start_time_seconds', type: 'gauge' },
      ...{ help: 'When the relay started.', samples: one(startedAt / 1000) },
    },
  ];
}
