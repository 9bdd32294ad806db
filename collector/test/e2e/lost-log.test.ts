import { describe, expect, it } from 'vitest';
import { post } from '../support/load.js';
import { expectEnd, getTimes, logHealth, namedPipe, startInto } from '../support/lost-log.js';
import { fullReport, reportId } from '../support/reports.js';
import { until } from '../support/until.js';

/** A line takes some 150 bytes, and the pipe 64 kB. */
const LINES_FOR_A_FULL_PIPE = 800;

async function expectService(url: string): Promise<void> {
  expect((await fetch(`${url}/livez`)).status).toBe(200);
  const report = fullReport({ anonymous_id: reportId() });
  expect(await post(`${url}/v1/reports`, { reports: [report] })).toBe(202);
}

describe('a log that cannot be written', () => {
  it.each([
    ['on a full disk, with what is for people', '> /dev/full 2>&1', 'its disk is full'],
    [
      'into a pipe whose reader has ended, with what is for people',
      '> >(true) 2>&1',
      'what read the log has ended',
    ],
  ])('stops neither the start nor the service nor the end: %s', async (_what, redirect, cause) => {
    const collector = await startInto(redirect);
    const { address: url } = collector;
    await expectService(url);
    await until('the loss is told', async () => (await logHealth(url)).state === 'warning');
    const first = await logHealth(url);
    expect(first.reason).toContain(`${first.dropped_lines} lines of the log could not be written`);
    expect(first.reason).toContain(cause);
    expect(first.reason).toContain(first.dropped_since);
    await expectService(url);
    await until('more is told', async () => {
      return (await logHealth(url)).dropped_lines > first.dropped_lines;
    });
    expect((await logHealth(url)).dropped_since).toBe(first.dropped_since);
    await expectEnd(collector);
  });

  it('because nobody reads its pipe does not hinder the end', async () => {
    const { path } = namedPipe();
    const collector = await startInto(`> ${path} 2>&1`);
    await getTimes(`${collector.address}/livez`, LINES_FOR_A_FULL_PIPE);
    await expectService(collector.address);
    await expectEnd(collector);
  });
});
