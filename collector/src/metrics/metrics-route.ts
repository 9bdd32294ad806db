import { Type } from 'typebox';
import type { App } from '../app-types.js';
import type { Metrics, MetricsFormat } from './metrics.js';

/** `GET /metrics`: the figures of operators, for Prometheus. */
export function registerMetricsRoute(app: App, metrics: Metrics): void {
  app.get(
    '/metrics',
    {
      schema: {
        summary: 'The state of the collector, for Prometheus',
        description:
          'In OpenMetrics where `Accept` prefers it, else in the text format of Prometheus. At most ' +
          '2 seconds old. It has exact figures of people by project.',
        tags: ['server'],
        response: {
          200: {
            description: 'The metrics',
            content: {
              'text/plain': { schema: Type.String() },
              'application/openmetrics-text': { schema: Type.String() },
            },
          },
        },
      },
      config: {
        level: 'developer',
        headers: { vary: 'Accept chooses the format', 'cache-control': 'no-store' },
      },
    },
    async ({ headers }, reply) => {
      const { text, contentType } = await metrics.write(formatFor(headers.accept));
      return reply
        .headers({ 'content-type': contentType, 'cache-control': 'no-store', vary: 'accept' })
        .serializer(String)
        .send(text);
    },
  );
}

const TYPES: Readonly<Record<MetricsFormat, RegExp>> = {
  openmetrics: /^application\/openmetrics-text$/,
  prometheus: /^(text\/plain|text\/\*|\*\/\*)$/,
};

/** The format that a client prefers; that of Prometheus for those who say nothing of either. */
export function formatFor(accept = ''): MetricsFormat {
  const qualityOf = (type: RegExp): number => {
    const found = accept.split(',').map((part) => {
      const [name = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase());
      const quality = parameters.find((one) => one.startsWith('q='))?.slice('q='.length);
      return type.test(name) ? Number(quality ?? 1) || 0 : 0;
    });
    return Math.max(...found);
  };
  const openmetrics = qualityOf(TYPES.openmetrics);
  return openmetrics > 0 && openmetrics >= qualityOf(TYPES.prometheus)
    ? 'openmetrics'
    : 'prometheus';
}
