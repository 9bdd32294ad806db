import { describe, expect, it } from 'vitest';
import type { HostMessage, SenderJob } from '../../src/delivery/protocol.js';
import { createSenderThreads } from '../../src/host/deferred/sender-threads.js';
import type {
  SenderLaunchers,
  SenderThread,
  SenderThreadEvents,
} from '../../src/platform/platform.js';
import { type OpenStorage, openStorage } from '../../src/storage/open-storage.js';
import type { Storage } from '../../src/storage/storage.js';
import { fakePlatform } from '../support/fake-platform.js';
import { memoryStorage } from '../../src/storage/memory-storage.js';

const job = {} as SenderJob; // handed through; nobody reads it here
const result = { sent: 1, queued: 0, dropped: {} };

const openedOn = (host: Storage): OpenStorage =>
  openStorage(host, 'acme-cli', fakePlatform(), () => ({ lost: 0, left: 0 }));

/** Threads that do, one after another, what the script says. */
function launcher(
  script: readonly ('answers' | 'crashes' | 'throws' | 'none')[],
  inProcess = true,
) {
  const started: string[] = [];
  const host = memoryStorage();
  const run = (kind: string, events: SenderThreadEvents): SenderThread => {
    started.push(kind);
    return {
      post: () =>
        queueMicrotask(() =>
          kind === 'crashes' ? events.exit() : events.message({ type: 'result', result }),
        ),
      hold: () => undefined,
      end: () => Promise.resolve(),
    };
  };
  const sender: Pick<SenderLaunchers, 'thread' | 'inProcess'> = {
    thread(_job, events) {
      const kind = script[started.length] ?? 'crashes';
      if (kind === 'none') return undefined;
      if (kind === 'throws') throw new Error('ERR_WORKER_INIT_FAILED');
      return run(kind, events);
    },
    inProcess: (_job, events) => (inProcess ? run('in-process', events) : undefined),
  };
  const worker = createSenderThreads({ sender }, openedOn(host), job);
  return { worker, started, host };
}

const idOf = (message: HostMessage): number => (message.type === 'answer' ? message.id : -1);

describe('the worker launcher', () => {
  it('starts one thread for all that is sent', async () => {
    const { worker, started } = launcher(['answers']);
    expect(await Promise.all([worker.send(false), worker.send(false)])).toEqual([result, result]);
    expect(await worker.send(false)).toEqual(result);
    expect(started).toEqual(['answers']);
  });

  it('starts a crashed thread again, and sends what it was about to send', async () => {
    const { worker, started } = launcher(['crashes', 'crashes', 'answers']);
    expect(await worker.send(false)).toEqual(result);
    expect(started).toEqual(['crashes', 'crashes', 'answers']);
  });

  it('sends in the host’s own thread after three crashes', async () => {
    const { worker, started } = launcher([]);
    expect(await worker.send(false)).toEqual(result);
    expect(started).toEqual(['crashes', 'crashes', 'crashes', 'in-process']);
  });

  it.each(['none', 'throws'] as const)(
    'sends in the host’s own thread where there are no threads (%s)',
    async (kind) => {
      const { worker, started } = launcher([kind]);
      expect(await worker.send(false)).toEqual(result);
      expect(started).toEqual(['in-process']);
    },
  );

  it('says so where neither can be had', async () => {
    const { worker } = launcher(['none'], false);
    expect(await worker.send(false)).toMatchObject({
      sent: 0,
      error: 'no sender can be run here',
    });
  });

  it('answers the questions of the thread out of the host’s storage, and only those it knows', async () => {
    const { worker, host } = launcher([]);
    void worker.close(250);
    await host.set('a', '1');
    const answers: HostMessage[] = [];
    const asking = createSenderThreads(
      {
        sender: {
          inProcess: () => undefined,
          thread: (_job, events) => ({
            post(message) {
              const said = message as HostMessage;
              if (said.type === 'answer') {
                answers.push(said);
                if (answers.length === 3) events.message({ type: 'result', result });
                return;
              }
              for (const [id, [method, ...args]] of [
                ['get', 'a'],
                ['constructor'],
                ['get', 'b'],
              ].entries()) {
                events.message({ type: 'ask', id, of: 'values', method, args });
              }
            },
            hold: () => undefined,
            end: () => Promise.resolve(),
          }),
        },
      },
      openedOn(host),
      job,
    );
    await asking.send(true);
    expect(answers.sort((a, b) => idOf(a) - idOf(b))).toEqual([
      { type: 'answer', id: 0, value: '1' },
      { type: 'answer', id: 1, failed: true },
      { type: 'answer', id: 2, value: undefined },
    ]);
  });

  it('lets nobody wait who is still waiting when it is closed', async () => {
    const worker = createSenderThreads(
      {
        sender: {
          inProcess: () => undefined,
          thread: () => ({
            post: () => undefined,
            hold: () => undefined,
            end: () => Promise.resolve(),
          }),
        },
      },
      openedOn(memoryStorage()),
      job,
    );
    const sending = worker.send(false);
    await worker.close(250);
    expect(await sending).toMatchObject({ sent: 0, error: 'closed' });
  });
});
