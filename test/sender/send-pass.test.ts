import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadState, NO_STATE, saveState } from '../../src/delivery/delivery-state.js';
import { createLeases, type Leases } from '../../src/delivery/lease.js';
import type { SenderJob } from '../../src/delivery/protocol.js';
import { realPlatform } from '../support/real-platform.js';
import type { Draft } from '../../src/report/draft.js';
import { collectFacts } from '../../src/report/facts.js';
import { sendPass } from '../../src/sender/send-pass.js';
import type { Telemetry } from '../../src/sender/user-consent.js';
import { memoryOutbox } from '../../src/storage/memory-storage.js';
import { draftLine } from '../../src/storage/outbox-lines.js';
import type { OutboxStorage } from '../../src/storage/storage.js';
import { fakePlatform } from '../support/fake-platform.js';
import { fakeHttp, networkError, sourceOf, testJob, testSendParts } from '../support/send-parts.js';
import { tempFolder } from '../support/temp-folder.js';

const line = (report_id: string): string =>
  draftLine({
    report_id,
    at_ms: Date.UTC(2026, 10, 22, 20, 58, 0, 123),
    project: 'acme-cli',
    event: 'startup',
    info: collectFacts('2.3.1', fakePlatform(), { ci: () => null, version: String }, String),
    given_id: 'a'.repeat(16),
    endpoint: { url: testJob.endpoint.url },
  });

interface Attempted {
  readonly as?: Partial<SenderJob>;
  readonly leases?: Leases;
  /** What the file with the user's choice says. */
  readonly choice?: () => string | undefined;
  /** Throws what a request fails with, and does what else happens meanwhile; `tick` renews. */
  readonly request?: (outbox: OutboxStorage, tick: () => void) => void;
  /** What happens while this sender sleeps. */
  readonly sleep?: (outbox: OutboxStorage, ms: number) => void;
}

/** One pass over an outbox of two segments. */
async function attempted(given: Attempted) {
  const { as, leases, choice = () => undefined, request, sleep } = given;
  const outbox = memoryOutbox();
  for (const id of ['1', '2']) append(outbox, id);
  let tick: () => void = () => undefined;
  const http = fakeHttp(() => {
    request?.(outbox, tick);
    return {};
  });
  const parts = testSendParts(http, { choiceFiles: [CHOICE_FILE], ...as });
  const { files } = realPlatform();
  let slept = 0;
  const sent = await sendPass(sourceOf(outbox, leases), {
    ...parts,
    files: { ...files, read: (path) => (path === CHOICE_FILE ? choice() : files.read(path)) },
    clock: {
      ...parts.clock,
      every(_ms, callback) {
        tick = callback;
        return () => undefined;
      },
      async sleep(ms) {
        slept += ms;
        sleep?.(outbox, ms);
      },
    },
  });
  return {
    sent,
    waiting: await outbox.list(),
    requests: http.requests.length,
    state: await loadState(parts.storage, parts.job.endpoint),
    slept,
  };
}

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true;

const CHOICE_FILE = '/home/ada/choice';

function append(outbox: OutboxStorage, id: string): void {
  outbox.append(line(id));
  outbox.seal();
}

/** What is sent fails while the user may decide anew. */
function attemptWhile(decide: (choose: (telemetry: Telemetry) => void) => void) {
  let choice: string | undefined;
  return attempted({
    choice: () => choice,
    request() {
      decide((telemetry) => {
        choice = telemetry === 'unreadable' ? '{' : JSON.stringify({ telemetry });
      });
      networkError('ECONNREFUSED');
    },
  });
}

describe('sendPass', () => {
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

  it('sends only startup and alive, without fields, once the user has chosen the level basic', async () => {
    const outbox = memoryOutbox();
    const made = { fields: { shell: 'zsh' } };
    for (const [id, each] of [{ event: 'build' }, made, {}, { event: 'alive' }].entries()) {
      outbox.append(draftLine({ ...(JSON.parse(line(`${id}`)) as Draft), ...each }));
      outbox.seal();
    }
    const events: unknown[] = [];
    const http = fakeHttp((reports) => {
      events.push(...reports.map(({ event, fields, info }) => [event, fields, info.level]));
      return {};
    });
    const parts = testSendParts(http, { choiceFiles: [CHOICE_FILE] });
    const { files } = realPlatform();
    const sent = await sendPass(sourceOf(outbox, undefined), {
      ...parts,
      files: {
        ...files,
        read: (path) => (path === CHOICE_FILE ? '{"telemetry":"basic"}' : files.read(path)),
      },
    });
    // They were recorded before: a collector is not told that all is allowed.
    expect(events).toEqual([
      ['startup', undefined, 'basic'],
      ['alive', undefined, 'basic'],
    ]);
    expect(sent).toMatchObject({ sent: 2, queued: 0, dropped: { 'basic-level': 2 } });
    expect(await outbox.list()).toEqual([]);
    expect(await outbox.lostTotal?.()).toBe(0); // what the user did not allow is not lost
  });

  it('sends no further request where the user has chosen the level basic meanwhile', async () => {
    const { sent, requests, waiting } = await attemptWhile((choose) => choose('basic'));
    expect([requests, waiting.length]).toEqual([1, 2]); // the next pass drops or sends them
    expect(sent.sent).toBe(0);
  });

  it('goes on where the user has said yes meanwhile', async () => {
    const { waiting } = await attemptWhile((choose) => choose('on'));
    expect(waiting).toHaveLength(2);
  });

  describe('under a lease', () => {
    const platform = realPlatform();
    const leasesOf = (folder: string, pid: number): Leases =>
      createLeases(folder, { ...platform, processes: { ...platform.processes, pid } });
    /** Reports go on coming while the first request is under way. */
    const attemptUnder = (meanwhile: (folder: string) => void) => {
      const folder = tempFolder();
      let isFirst = true;
      return attempted({
        leases: leasesOf(folder, process.pid),
        request(outbox, tick) {
          if (!isFirst) return;
          isFirst = false;
          append(outbox, '3');
          meanwhile(folder);
          tick();
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

    it('leaves at once, without a request, while another process holds it', async () => {
      const folder = tempFolder();
      const held = leasesOf(folder, process.ppid).acquire();
      const leases = leasesOf(folder, process.pid);
      const { sent, waiting, requests, slept } = await attempted({ leases });
      expect(sent).toMatchObject({ sent: 0, error: 'another process is sending' });
      expect([waiting.length, requests, slept]).toEqual([2, 0, 0]);
      expect(held?.renew()).toBe(true);
    });

    it('looks again after it released it, also where it had found nothing to send', async () => {
      const folder = tempFolder();
      const leases = leasesOf(folder, process.pid);
      const outbox = memoryOutbox();
      const http = fakeHttp();
      let passes = 0;
      const acquire: Leases['acquire'] = (dyingPid) => {
        const lease = leases.acquire(dyingPid);
        if (!lease) return undefined;
        passes += 1;
        return {
          ...lease,
          release() {
            if (passes === 1) {
              append(outbox, 'late'); // sealed while the lease is held: its child leaves
              expect(leasesOf(folder, process.ppid).acquire()).toBeUndefined();
            }
            lease.release();
          },
        };
      };
      const source = sourceOf(outbox, { ...leases, acquire });
      const sent = await sendPass(source, testSendParts(http));
      expect(sent).toMatchObject({ sent: 1, queued: 0 });
      expect([passes, http.requests.length, outbox.list()]).toEqual([2, 1, []]);
    });

    it('is given back where a segment stays that cannot be claimed', async () => {
      const outbox = memoryOutbox();
      append(outbox, '1');
      const leases = leasesOf(tempFolder(), process.pid);
      const parts = testSendParts(fakeHttp());
      outbox.claim = () => undefined;
      expect(await sendPass(sourceOf(outbox, leases), parts)).toMatchObject({ sent: 0, queued: 0 });
      expect(leases.holder()).toBeUndefined();
    });
  });

  describe('as a child', () => {
    const { processes, files } = realPlatform();
    const now = (): number => Date.now();
    const jobIn = (state: string): Partial<SenderJob> => ({
      handover: {},
      folders: { config: state, state, outbox: `${state}/outbox` },
    });
    const childIn = (state: string, sleep?: Attempted['sleep']) =>
      attempted({
        as: jobIn(state),
        leases: createLeases(state, { processes, files, now }),
        ...(sleep && { sleep }),
      });

    it('looks again for programs that end now, until a second brings nothing', async () => {
      const state = tempFolder();
      let looks = 0;
      const { sent, waiting, slept } = await childIn(state, (outbox) => {
        // The lease is free meanwhile: a program that flushes can send.
        expect(createLeases(state, { processes, files, now }).holder()).toBeUndefined();
        looks += 1;
        if (looks <= 2) append(outbox, `late ${looks}`);
      });
      expect([sent.sent, waiting, looks, slept]).toEqual([4, [], 3, 3_000]);
    });

    it('looks three times while other programs have reports that are open', async () => {
      const state = tempFolder();
      mkdirSync(join(state, 'outbox/this-machine'), { recursive: true });
      writeFileSync(join(state, 'outbox/this-machine', '1795422490069-1.aa-0000aa.open'), '');
      let looks = 0;
      const { sent, slept } = await childIn(state, (outbox) => {
        looks += 1;
        if (looks === 3) append(outbox, 'late');
      });
      expect([sent.sent, slept]).toEqual([3, 6_000]);
    });

    const MARK = 'last-exit-upload';

    it('waits for the lease, since its holder may end before it looks again', async () => {
      const state = tempFolder();
      const other = { ...processes, pid: process.ppid };
      const held = createLeases(state, { processes: other, files, now }).acquire();
      let waits = 0;
      const { sent, slept } = await childIn(state, (_outbox, ms) => {
        if (ms === 250) waits += 1;
        if (waits === 3) held?.release();
      });
      expect([sent.sent, sent.error, waits, slept]).toEqual([2, undefined, 3, 1_750]);
    });

    it('leaves that, and what comes later, to a child that was started since', async () => {
      const state = tempFolder();
      const startAnother = (): void => {
        writeFileSync(join(state, MARK), 'later');
        utimesSync(join(state, MARK), 2, 2);
      };
      writeFileSync(join(state, MARK), 'now');
      utimesSync(join(state, MARK), 1, 1);
      const { sent, slept } = await attempted({
        as: jobIn(state),
        leases: createLeases(state, { processes, files, now }),
        request: startAnother,
      });
      expect([sent.sent, slept]).toEqual([2, 0]);

      utimesSync(join(state, MARK), 1, 1);
      const other = { ...processes, pid: process.ppid };
      createLeases(state, { processes: other, files, now }).acquire();
      const late = await childIn(state, startAnother);
      expect(late.sent).toMatchObject({ sent: 0, error: 'another process is sending' });
      expect([late.requests, late.slept]).toEqual([0, 250]);
    });

    it('sends what it was handed also where the folder of the senders may not be read', async () => {
      const outbox = memoryOutbox();
      append(outbox, '1');
      const parts = testSendParts(fakeHttp(), jobIn('/root/state'));
      const stat = (): never => networkError('EACCES');
      const source = sourceOf(outbox);
      const sent = await sendPass(source, { ...parts, files: { ...parts.files, stat } });
      expect(sent).toMatchObject({ sent: 1 });
    });

    it('waits for the time of the next attempt under the lease, so that one child waits', async () => {
      const state = tempFolder();
      const outbox = memoryOutbox();
      append(outbox, '1');
      const http = fakeHttp();
      const parts = testSendParts(http, jobIn(state));
      await saveState(parts.storage, parts.job.endpoint, {
        ...NO_STATE,
        ...{ failures: 1, notBeforeMs: 4_000 },
      });
      const leases = createLeases(state, { processes, files, now });
      const waits: [number, number | undefined][] = [];
      const sleep = async (ms: number) => void waits.push([ms, leases.holder()]);
      const clock = { ...parts.clock, sleep };
      expect(await sendPass(sourceOf(outbox, leases), { ...parts, clock })).toMatchObject({
        sent: 1,
      });
      expect(waits[0]).toEqual([4_000, process.pid]);
    });

    it('begins no request that its time may cut off', async () => {
      const passWithin = (ms: number) => {
        const outbox = memoryOutbox();
        append(outbox, '1');
        const parts = { ...testSendParts(fakeHttp()), deadlineMs: ms };
        return sendPass(sourceOf(outbox, createLeases(tempFolder(), realPlatform())), parts);
      };
      expect(await passWithin(3_000)).toMatchObject({ sent: 0 });
      expect(await passWithin(3_001)).toMatchObject({ sent: 1 });
    });

    it('does not wait for more than five seconds', async () => {
      const outbox = memoryOutbox();
      append(outbox, '1');
      const http = fakeHttp();
      const parts = testSendParts(http, { handover: {} });
      await saveState(parts.storage, parts.job.endpoint, {
        ...NO_STATE,
        ...{ failures: 3, notBeforeMs: 5_001 },
      });
      const sent = await sendPass(sourceOf(outbox), parts);
      expect(sent).toMatchObject({ sent: 0, nextAttemptMs: 5_001 });
      expect(http.requests).toEqual([]);
    });
  });

  describe('with what the `headcount` command must know of the app', () => {
    const app = {
      project: 'acme-cli',
      version: '2.3.1',
      mode: 'on',
      notice: 'none',
      events: 'abc',
    } as const;
    const passWith = async (state: string, choice?: string) => {
      const folders = { config: state, state, outbox: `${state}/outbox` };
      let known: string | undefined;
      const file = join(state, 'app.json');
      const { requests } = await attempted({
        as: { app, folders },
        choice: () => choice,
        request: () => (known = isFile(file) ? readFileSync(file, 'utf8') : undefined),
      });
      return { known, requests, file };
    };

    it('keeps that before it sends, and writes only what differs', async () => {
      const state = tempFolder();
      const { known, file } = await passWith(state);
      expect(JSON.parse(known ?? '')).toEqual(app);
      utimesSync(file, 5, 5);
      await passWith(state);
      expect(realPlatform().files.stat(file)?.modifiedMs).toBe(5_000);
      writeFileSync(file, '{"project":"acme-cli","version":"1.0.0"}');
      expect(JSON.parse((await passWith(state)).known ?? '')).toEqual(app);
    });

    it('writes nothing after an opt-out', async () => {
      const state = tempFolder();
      const { requests, file } = await passWith(state, '{"telemetry":"off"}');
      expect([requests, existsSync(file)]).toEqual([0, false]);
    });

    it('sends all the same where that cannot be kept', async () => {
      const state = tempFolder();
      mkdirSync(join(state, 'app.json'));
      expect((await passWith(state)).requests).toBe(1);
    });
  });

  describe('at a name that is not found', () => {
    const request = (): never => networkError('ENOTFOUND');

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
