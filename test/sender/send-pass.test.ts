import { describe, expect, it } from 'vitest';
import type { Choice } from '../../src/consent/decide.js';
import { loadState } from '../../src/delivery/delivery-state.js';
import { createLeases, type Leases } from '../../src/delivery/lease.js';
import type { SenderJob } from '../../src/delivery/protocol.js';
import { nodePlatform } from '../../src/host/platform/node-platform.js';
import { collectFacts } from '../../src/report/facts.js';
import { type Delivered, sendOutbox } from '../../src/sender/segments.js';
import { attempt } from '../../src/sender/send-pass.js';
import { memoryOutbox, memoryStorage } from '../../src/storage/memory-storage.js';
import { draftLine } from '../../src/storage/outbox-lines.js';
import type { OutboxStorage } from '../../src/storage/storage.js';
import { fakePlatform } from '../support/fake-platform.js';
import { tempFolder } from '../support/temp-folder.js';

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
    info: collectFacts('2.3.1', fakePlatform(), () => null, String),
    given_id: 'a'.repeat(16),
  });

interface Attempted {
  readonly as?: Partial<SenderJob>;
  readonly leases?: Leases;
  readonly choice?: () => Choice | undefined;
  /** What is answered to a request, and what else happens meanwhile; `tick` is when to renew. */
  readonly request: (outbox: OutboxStorage, tick: () => void) => Delivered['error'];
}

/** One attempt at an outbox of two segments. */
async function attempted({ as, leases, choice = () => undefined, request }: Attempted) {
  const outbox = memoryOutbox();
  for (const id of ['1', '2']) append(outbox, id);
  const storage = memoryStorage();
  let requests = 0;
  let tick: () => void = () => undefined;
  const sent = await attempt(
    { outbox, leases },
    {
      job: { ...job, ...as },
      env: {},
      storage,
      choice,
      now: () => 0,
      random: () => 1,
      every(_ms, callback) {
        tick = callback;
        return () => undefined;
      },
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
            const error = request(outbox, tick);
            if (error === undefined) return { outcomes: reports.map(() => 'sent') };
            return { outcomes: reports.map(() => 'queued'), error };
          },
        }),
    },
  );
  return { sent, waiting: await outbox.list(), requests, state: await loadState(storage) };
}

function append(outbox: OutboxStorage, id: string): void {
  outbox.append(line(id));
  outbox.seal();
}

/** What is sent fails while the user may decide anew. */
function attemptWhile(decide: (choose: (telemetry: Choice['telemetry']) => void) => void) {
  let choice: Choice | undefined;
  return attempted({
    choice: () => choice,
    request() {
      decide((telemetry) => (choice = { telemetry, source: '/home/ada/choice' }));
      return 'ECONNREFUSED';
    },
  });
}

describe('attempt', () => {
  it('keeps what could not be sent', async () => {
    const { sent, waiting } = await attemptWhile(() => undefined);
    expect(sent).toMatchObject({ queued: 2, error: 'ECONNREFUSED' });
    expect(waiting).toHaveLength(2);
  });

  it('gives up what it held where the choice is off by then', async () => {
    const { sent, waiting, requests } = await attemptWhile((choose) => choose('off'));
    expect(sent).toMatchObject({ sent: 0, queued: 0, error: 'telemetry was turned off' });
    expect([waiting, requests]).toEqual([[], 1]);
  });

  it('stops and keeps what waits where the choice cannot be read by then', async () => {
    const { sent, waiting, requests } = await attemptWhile((choose) => choose('unreadable'));
    expect(sent).toMatchObject({ sent: 0, error: 'the user’s choice cannot be read' });
    expect(waiting).toHaveLength(2);
    expect(requests).toBe(1);
  });

  it('goes on where the user has said yes meanwhile', async () => {
    const { waiting } = await attemptWhile((choose) => choose('on'));
    expect(waiting).toHaveLength(2);
  });

  describe('under a lease', () => {
    const platform = nodePlatform();
    const leasesOf = (folder: string, pid: number): Leases =>
      createLeases(folder, { ...platform, processes: { ...platform.processes, pid } });
    /** Reports go on coming while the first request is under way. */
    const attemptUnder = (meanwhile: (folder: string) => void) => {
      const folder = tempFolder();
      let isFirst = true;
      return attempted({
        leases: leasesOf(folder, process.pid),
        request(outbox, tick) {
          if (!isFirst) return undefined;
          isFirst = false;
          append(outbox, '3');
          meanwhile(folder);
          tick();
          return undefined;
        },
      });
    };

    it('sends on while it is held', async () => {
      const { sent, waiting, requests } = await attemptUnder(() => undefined);
      expect([sent.sent, waiting, requests]).toEqual([3, [], 2]);
    });

    it('sends no more once another process has it', async () => {
      const { sent, waiting, requests } = await attemptUnder((folder) => {
        expect(leasesOf(folder, process.ppid).acquire(process.pid)).toBeDefined();
      });
      expect(sent).toMatchObject({ sent: 2, error: 'another process is sending' });
      expect([waiting.length, requests]).toEqual([1, 1]);
    });
  });

  describe('at a name that is not found', () => {
    const request = (): string => 'ENOTFOUND';

    it('waits alone where it is the host’s own: a child may find it, and must not wait', async () => {
      const { sent, state } = await attempted({ request });
      expect(sent).toMatchObject({ queued: 2, nextAttemptMs: 60_000 });
      expect(state).toMatchObject({ failures: 0, notBeforeMs: 0 });
    });

    it('makes all wait where it is the child', async () => {
      const { state } = await attempted({ as: { handover: {} }, request });
      expect(state.failures).toBe(1);
    });
  });
});
