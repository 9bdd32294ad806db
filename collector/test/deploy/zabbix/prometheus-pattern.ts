import { readMetrics } from '../../support/read-metrics.js';

type Sample = ReturnType<typeof readMetrics>[number];

/** The samples that a pattern of Zabbix matches: a name, and labels that are equal. */
export function matching(text: string, pattern: string): readonly Sample[] {
  const [, name, labels = ''] = /^([a-z_]+)(?:\{(.*)\})?$/.exec(pattern) ?? [];
  if (name === undefined) throw new Error(`No pattern: ${pattern}`);
  const wanted = [...labels.matchAll(/(\w+)="([^"]*)"/g)];
  return readMetrics(text).filter(
    (one) =>
      one.name === name && wanted.every(([, label = '', value]) => one.labels[label] === value),
  );
}
