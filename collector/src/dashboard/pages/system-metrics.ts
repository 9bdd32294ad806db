import type { DatabaseFile, SystemJob } from '../../../web/page/system-content.js';
import type { MetricSamples } from '../read-metrics.js';

/** The jobs, from the figures of operators. */
export function jobsOf(metrics: MetricSamples): SystemJob[] {
  const read = (family: string, job: string): number | undefined =>
    metrics.get(`headcount_job_${family}`)?.find(({ labels }) => labels['job'] === job)?.value;
  const momentOf = (seconds: number | undefined): string | null =>
    seconds === undefined ? null : new Date(seconds * 1000).toISOString();
  return (metrics.get('headcount_job_failed') ?? []).map(({ labels: { job: name = '' } }) => {
    const isRunning = read('running', name) === 1;
    const tookSeconds = read('last_duration_seconds', name);
    return {
      name,
      state: isRunning ? 'running' : read('failed', name) === 1 ? 'failed' : 'waiting',
      succeededAt: momentOf(read('last_success_timestamp_seconds', name)),
      failedAt: momentOf(read('last_failure_timestamp_seconds', name)),
      tookMs: tookSeconds === undefined ? null : tookSeconds * 1000,
    };
  });
}

export const filesOf = (metrics: MetricSamples): DatabaseFile[] =>
  (metrics.get('headcount_database_size_bytes') ?? []).map(({ labels, value }) => ({
    name: labels['file'] ?? '',
    bytes: value,
  }));
