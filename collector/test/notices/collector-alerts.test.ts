import { expect, it } from 'vitest';
import type { AlertEvent } from '../../src/notices/notice.js';
import { NOTICE_TIMES } from '../../src/notices/notice-times.js';
import { fullReport } from '../support/reports.js';
import { NOW, startCollector } from '../support/start-collector.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';

const FAST = { ...NOTICE_TIMES, gatherMs: 5, restMs: 5, firstRetryMs: 10, settleMs: 0 };

const eventsOf = ({ received }: WebhookReceiver): readonly AlertEvent[] =>
  received.flatMap(({ body }) => body['events'] as AlertEvent[]);

/** Conditions of the machine that runs the test are not of the test. */
const told = (receiver: WebhookReceiver, name: string): readonly string[] =>
  eventsOf(receiver)
    .filter(({ condition }) => condition.name === name)
    .map(({ event }) => event);

it('tells a webhook what GET /health tells, when it begins and when it is over', async () => {
  const receiver = await startReceiver();
  let at = NOW.getTime();
  const options = {
    ...{ alertWebhook: [receiver.url], noticeTimes: FAST, checkHealthEveryMs: 20 },
    ...{ now: () => new Date(at), maxClockJumpMs: 1000 },
  };
  const collector = await startCollector(options);
  await collector.post('/v1/reports', fullReport());
  at += 3_600_000;
  await until('it is told', () => told(receiver, 'clock').length === 1);
  const { body } = await collector.get('/health');
  const { clock } = body['components'] as Record<string, Record<string, unknown>>;
  const event = eventsOf(receiver).find(({ condition }) => condition.name === 'clock');
  expect(event).toMatchObject({
    event: 'begin',
    condition: {
      ...{ name: 'clock', state: 'failing', severity: 'critical', reason: clock?.['reason'] },
      ...{ unit: clock?.['unit'], threshold: clock?.['threshold'] },
    },
  });
  // This clock stands still beside the machine's other one, which the excess is measured with.
  expect(Math.abs(Number(event?.condition.value) - Number(clock?.['value']))).toBeLessThan(60);
  expect(event?.condition.value).toBeGreaterThan(3500);
  expect(`${event?.condition.hint} See ${event?.condition.link}`).toBe(clock?.['hint']);
  at -= 3_600_000;
  await until('its end is told', () => told(receiver, 'clock').length === 2);
  expect(told(receiver, 'clock')).toEqual(['begin', 'end']);
  expect(collector.log()).not.toContain('s3cret');
});

it('tells nothing twice, also if the collector is killed and started again', async () => {
  const receiver = await startReceiver([() => undefined]);
  const options = ['--data', temporaryFolder(), '--port', '0', '--no-announce', '--no-metrics'];
  const start = async () => {
    const collector = await startProcess(options, { HEADCOUNT_ALERT_WEBHOOK: receiver.url });
    const url = await collector.url();
    // An unnamed proxy is a warning, and a question about health looks for warnings.
    await fetch(`${url}/livez`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
    await (await fetch(`${url}/health`)).text();
    return collector;
  };
  const end = async ({ child, ended }: CollectorProcess, signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  const first = await start();
  await receiver.get(1);
  await end(first, 'SIGKILL');
  const second = await start();
  const [lost, taken] = await receiver.get(2);
  expect(taken?.text).toBe(lost?.text);
  expect(taken?.headers['idempotency-key']).toBe(lost?.headers['idempotency-key']);
  await end(second, 'SIGTERM');
  const third = await start();
  await end(third, 'SIGTERM');
  expect(told(receiver, 'proxy')).toEqual(['begin', 'begin']);
  expect(first.stdout() + first.stderr() + third.stdout()).not.toContain('s3cret');
});
