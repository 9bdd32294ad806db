import { describe, expect, it } from 'vitest';
import type { Choice } from '../../src/consent/decide.js';
import { attempt } from '../../src/delivery/attempt.js';
import type { SenderJob } from '../../src/delivery/job.js';
import { sendOutbox } from '../../src/delivery/send-outbox.js';
import { draftLine } from '../../src/outbox/outbox-lines.js';
import { collectFacts } from '../../src/report/facts.js';
import { memoryOutbox, memoryStorage } from '../../src/storage/memory-storage.js';
import { fakePlatform } from '../support/fake-platform.js';

const job: SenderJob = {
  project: 'acme-cli',
  version: '2.3.1',
  endpoint: { url: 'https://x/v1/reports', form: 'batch', implicit: false },
  userAgent: 'acme-cli/2.3.1',
  folders: undefined,
  choiceFiles: [],
  isPersistent: true,
};
const line = (report_id: string): string =>
  draftLine({
    report_id,
    timestamp: '2026-11-22T20:58:00.123Z',
    project: 'acme-cli',
    event: 'startup',
    info: collectFacts('2.3.1', fakePlatform()),
    given_id: 'a'.repeat(16),
  });

/** One attempt at an outbox of two segments; what is sent fails while the user may decide anew. */
function attemptWhile(decide: (choose: (telemetry: Choice['telemetry']) => void) => void) {
  const outbox = memoryOutbox();
  for (const id of ['1', '2']) {
    outbox.append(line(id));
    outbox.seal();
  }
  let choice: Choice | undefined;
  let requests = 0;
  const result = attempt(
    { outbox, leases: undefined },
    {
      job,
      env: {},
      storage: memoryStorage(),
      choice: () => choice,
      now: () => 0,
      random: () => 0,
      every: () => () => undefined,
      isStopped: () => false,
      dropVersion: () => Promise.reject(new Error('the version is wanted')),
      send: ({ outbox: from, mayGoOn }) =>
        sendOutbox({
          outbox: from,
          mayGoOn,
          endpoint: job.endpoint,
          identify: () => Promise.reject(new Error('each report has an ID of its own')),
          async deliver(reports) {
            requests += 1;
            decide((telemetry) => (choice = { telemetry, source: '/home/ada/choice' }));
            return { outcomes: reports.map(() => 'kept'), problem: 'ECONNREFUSED' };
          },
        }),
    },
  );
  return result.then((sent) => ({ sent, waiting: outbox.list(), requests }));
}

describe('attempt', () => {
  it('keeps what could not be sent', async () => {
    const { sent, waiting } = await attemptWhile(() => undefined);
    expect(sent).toMatchObject({ kept: 2, problem: 'ECONNREFUSED' });
    expect(waiting).toHaveLength(2);
  });

  it('gives up what it held where the choice is off by then', async () => {
    const { sent, waiting, requests } = await attemptWhile((choose) => choose('off'));
    expect(sent).toMatchObject({ sent: 0, kept: 0, problem: 'telemetry was turned off' });
    expect([waiting, requests]).toEqual([[], 1]);
  });

  it('stops and keeps what waits where the choice cannot be read by then', async () => {
    const { sent, waiting, requests } = await attemptWhile((choose) => choose('unreadable'));
    expect(sent).toMatchObject({ sent: 0, problem: 'the user’s choice cannot be read' });
    expect(waiting).toHaveLength(2);
    expect(requests).toBe(1);
  });

  it('goes on where the user has said yes meanwhile', async () => {
    const { waiting } = await attemptWhile((choose) => choose('on'));
    expect(waiting).toHaveLength(2);
  });
});
