import { expect, it } from 'vitest';
import type { AlertEvent } from '../../src/notices/notice.js';
import { NOTICE_TIMES } from '../../src/notices/notice-times.js';
import { fullReport } from '../support/reports.js';
import { until } from '../support/until.js';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';
import { startNodes } from './support/start-nodes.js';
import { temporarySchema } from './support/temporary-schema.js';

const FAST = { ...NOTICE_TIMES, gatherMs: 5, restMs: 5, firstRetryMs: 10, settleMs: 0 };

/** The events of some conditions, in their order. */
const eventsOf = ({ received }: WebhookReceiver): readonly string[] =>
  received
    .flatMap(({ body }) => body['events'] as AlertEvent[])
    .filter(({ condition: { name } }) => name === 'places' || name === 'proxy')
    .map(({ event, condition: { name } }) => `${event} ${name}`);

it('of what is shared is sent by one collector, and of what is its own by each', async () => {
  const receivers = [await startReceiver(), await startReceiver()] as const;
  const store = await temporarySchema();
  const often = { checkJobsEveryMs: 50, checkHealthEveryMs: 50, checkNodesEveryMs: 2000 };
  const [first, second] = await startNodes(
    receivers.map(({ url }) => ({ ...often, store, alertWebhook: [url], noticeTimes: FAST })),
  );
  if (!first || !second) throw new Error('There are two.');
  const warns = async (): Promise<boolean> => {
    const { body } = await second.get('/health');
    const { places } = body['warnings'] as Record<string, { readonly state: string }>;
    return places?.state === 'warning';
  };
  for (let from = 0; from < 850; from += 50) {
    const reports = Array.from({ length: 50 }, (_, n) => {
      const report = fullReport({ anonymous_id: `user-${from + n}` });
      return { ...report, info: { ...report.info, version: `1.${from + n}.0` } };
    });
    expect((await first.post('/v1/reports', { reports })).status).toBe(202);
  }
  await until('the one that leads tells it', () => eventsOf(receivers[0]).length > 0);
  await until('the other knows it too', warns);
  for (const node of [first, second]) await node.stranger('/', { 'x-forwarded-for': '192.0.2.1' });
  await until('the other tells of its proxy', () => eventsOf(receivers[1]).length > 0);
  await until('the first tells of its own', () => eventsOf(receivers[0]).length > 1);
  // It is told with all that began before.
  expect(eventsOf(receivers[1])).toEqual(['begin proxy']);
  expect(eventsOf(receivers[0])).toEqual(['begin places', 'begin proxy']);

  await first.close();
  await until('the other leads, and tells what lasts', () => eventsOf(receivers[1]).length > 1);
  expect(eventsOf(receivers[1])).toEqual(['begin proxy', 'begin places']);
}, 300_000);
