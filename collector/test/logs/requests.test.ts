import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

describe('the log of requests', () => {
  it.each([
    ['sampled', 100 + 1],
    ['all', 250],
    ['off', 0],
  ] as const)('%s has so many lines of 250 in a second: %i', async (accessLog, lines) => {
    const collector = await startCollector({ accessLog, monotonicMs: () => 1000 });
    for (let n = 0; n < 250; n++) await collector.stranger('/livez');
    await collector.close();
    const log = collector.log().trimEnd().split('\n');
    const told = log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told.filter(({ msg }) => msg === 'request')).toHaveLength(lines);
    const left = told.filter(({ msg }) => msg === 'requests are not in the log');
    expect(left.map(({ left_out }) => left_out)).toEqual(lines === 250 ? [] : [250 - lines]);
  });
});

it('samples requests that are refused with 503 like all others', async () => {
  const collector = await startCollector({
    ...{ accessLog: 'sampled', monotonicMs: () => 1000, checkFolderEveryMs: 20 },
  });
  rmSync(collector.data, { recursive: true });
  let requests = 0;
  const isRefused = async (): Promise<boolean> => {
    requests++;
    return (await collector.post('/v1/reports', fullReport())).status === 503;
  };
  await until('reports are refused', isRefused);
  for (let n = 0; n < 250; n++) expect(await isRefused()).toBe(true);
  await collector.close();
  const lines = collector.log().match(/"msg":"request"/g);
  expect(lines).toHaveLength(99 + Math.floor(requests / 100));
});

describe('GET /v1/logs/live', () => {
  it('sends each line from now on that is asked for, and ends with the collector', async () => {
    const collector = await startCollector({ logBytesLimit: 0 });
    const url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
    const stream = await fetch(`${url}/v1/logs/live?source=requests`, { headers: withToken() });
    expect(stream.status).toBe(200);
    let text = '';
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of stream.body ?? []) text += decoder.decode(chunk as Uint8Array);
    })().catch(() => undefined);
    await collector.stranger('/livez');
    await until('the line is there', () => text.includes('"route":"/livez"'));
    expect(text).toMatch(/^event: log\ndata: \{"time":".*","level":"info","source":"requests"/m);
    await collector.close();
    await reading;
  });
});
