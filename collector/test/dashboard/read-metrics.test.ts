import { describe, expect, it } from 'vitest';
import { readMetrics } from '../../src/dashboard/read-metrics.js';

describe('readMetrics', () => {
  it('reads samples with and without labels, and leaves comments out', () => {
    const families = readMetrics(
      [
        '# HELP headcount_build_info The release, always 1.',
        'headcount_build_info{version="1.2.3"} 1',
        'headcount_job_failed{job="a \\"quoted\\" name",of="x"} 0',
        'headcount_job_failed{job="b"} 1',
        'process_cpu_seconds_total 1.5e2',
        '',
      ].join('\n'),
    );
    expect([...families.keys()]).toEqual([
      'headcount_build_info',
      'headcount_job_failed',
      'process_cpu_seconds_total',
    ]);
    expect(families.get('headcount_job_failed')).toEqual([
      { labels: { job: 'a "quoted" name', of: 'x' }, value: 0 },
      { labels: { job: 'b' }, value: 1 },
    ]);
    expect(families.get('process_cpu_seconds_total')).toEqual([{ labels: {}, value: 150 }]);
  });
});
