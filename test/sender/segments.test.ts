import { describe, expect, it } from 'vitest';
import type { Draft, Identity } from '../../src/report/draft.js';
import { collectFacts } from '../../src/report/facts.js';
import { sendSegments } from '../../src/sender/segments.js';
import type { Outcome } from '../../src/sender/upload.js';
import { memoryOutbox } from '../../src/storage/memory-storage.js';
import { draftLine } from '../../src/storage/outbox-lines.js';
import type { Endpoint } from '../../src/project/endpoint.js';
import { fakePlatform } from '../support/fake-platform.js';
import { fakeHttp, testJob, testSendParts } from '../support/send-parts.js';

const info = collectFacts('2.3.1', fakePlatform(), { ci: () => null, version: String }, String);
const draft = (report_id: string, more: Partial<Draft> = {}): Draft => ({
  report_id,
  at_ms: Date.UTC(2026, 10, 22, 20, 58, 0, 123),
  project: 'acme-cli',
  event: 'startup',
  info,
  endpoint: { url: 'https://stats.acme.dev/v1/reports' },
  ...more,
});
const identity: Identity = { anonymous_id: 'a'.repeat(16), id_source: 'time', id_persisted: false };

/** A collector that asks for reports again, or refuses them for good, as `outcomes` says. */
function setUp(
  segments: readonly (readonly string[])[],
  outcomes: Record<string, Extract<Outcome, 'queued' | 'refused'>> = {},
  endpoint: Partial<Endpoint> = { url: 'https://stats.acme.dev/v1/reports' },
) {
  const outbox = memoryOutbox();
  for (const lines of segments) {
    for (const line of lines) outbox.append(line);
    outbox.seal();
  }
  const http = fakeHttp((reports) => ({
    rejected: reports.flatMap(({ report_id }, index) => {
      const outcome = outcomes[String(report_id)];
      return outcome ? [{ index, retry: outcome === 'queued' }] : [];
    }),
  }));
  let identified = 0;
  const send = (ids: readonly Identity[] = [identity]) =>
    sendSegments({
      ...testSendParts(http, { endpoint: { ...testJob.endpoint, ...endpoint } }),
      outbox,
      mayGoOn: () => true,
      retries: 0,
      isRetired: false,
      identify: async () => ids[identified++] ?? identity,
    });
  return { outbox, send, delivered: http.requests, outcomes, identifications: () => identified };
}

const AGAIN = 'the collector asked for some reports again';

describe('sendSegments', () => {
  it('ends on a disk that shows again what was removed', async () => {
    const { outbox, send, delivered } = setUp([[draftLine(draft('1'))]]);
    const [name = ''] = (await outbox.list()) as string[];
    const text = await outbox.claim(name);
    Object.assign(outbox, { list: () => [name], claim: () => text, remove: () => undefined });
    expect((await send()).left).toEqual(new Set([name]));
    expect(delivered).toHaveLength(3);
  });

  it('sends all segments in one request, and leaves nothing', async () => {
    const { outbox, send, delivered } = setUp([
      [draftLine(draft('1')), draftLine(draft('2'))],
      [draftLine(draft('3'))],
    ]);
    expect(await send()).toEqual({
      sent: 3,
      queued: 0,
      dropped: {},
      idSource: 'time',
      left: new Set(),
      foreign: new Map(),
    });
    expect(delivered.map((reports) => reports.map((report) => report.report_id))).toEqual([
      ['1', '2', '3'],
    ]);
    expect(await outbox.list()).toEqual([]);
  });

  it('puts at most about 500 reports into one request', async () => {
    const segment = Array.from({ length: 300 }, (_, index) => draftLine(draft(String(index))));
    const { send, delivered } = setUp([segment, segment, segment]);
    expect(await send()).toMatchObject({ sent: 900 });
    // Segments are claimed as a whole: 600 reports at first.
    expect(delivered.map((reports) => reports.length)).toEqual([500, 100, 300]);
  });

  it('sends the identical report again after a failure, whatever the ID would be by then', async () => {
    const { send, delivered, outcomes } = setUp([[draftLine(draft('1'))]], { '1': 'queued' });
    const other = { ...identity, anonymous_id: 'b'.repeat(16) };
    expect(await send([identity, other])).toMatchObject({ sent: 0, queued: 1, error: AGAIN });
    delete outcomes['1'];
    expect(await send([other])).toMatchObject({ sent: 1, queued: 0 });
    expect(delivered[1]).toEqual(delivered[0]);
  });

  it('keeps only what has no final outcome', async () => {
    const lines = ['1', '2', '3'].map((id) => draftLine(draft(id)));
    const { send, delivered, outcomes } = setUp([lines], { '2': 'queued', '3': 'refused' });
    expect(await send()).toMatchObject({ sent: 1, queued: 1, dropped: { refused: 1 } });
    delete outcomes['2'];
    expect(await send()).toMatchObject({ sent: 1, queued: 0, dropped: {} });
    expect(delivered[1]?.map((report) => report.report_id)).toEqual(['2']);
  });

  it('passes by a line that cannot be read, counts it, and sends the rest', async () => {
    const { send } = setUp([
      [draftLine(draft('1')), '{"report_id":"2","timest'],
      ['garbage\n', '{"a":1}\n', '\n'],
      [draftLine(draft('3'))],
    ]);
    expect(await send()).toMatchObject({ sent: 2, dropped: { unreadable: 3 } });
  });

  it('sends a report that has an ID of its own under that, and asks for none', async () => {
    const { send, delivered, identifications } = setUp([
      [
        draftLine(draft('1', { given_id: 'aaaabbbbccccdddd' })),
        draftLine(draft('2', { given_id: 'ci-github-actions' })),
      ],
    ]);
    await send();
    expect(identifications()).toBe(0);
    expect(delivered[0]?.map(({ anonymous_id, info }) => [anonymous_id, info.id_source])).toEqual([
      ['aaaabbbbccccdddd', 'given'],
      ['ci-github-actions', 'ci'],
    ]);
  });

  it('stops after a failure instead of trying the next segments', async () => {
    const segment = Array.from({ length: 500 }, (_, index) => draftLine(draft(`a${index}`)));
    const { send, delivered } = setUp([segment, [draftLine(draft('b'))]], { a0: 'queued' });
    expect(await send()).toMatchObject({ error: AGAIN });
    expect(delivered).toHaveLength(1);
  });

  describe('where the storage fails', () => {
    const noSpace = (): never => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };

    it('gives back what cannot be made ready, sends the rest, and says so', async () => {
      const { outbox, send, delivered } = setUp([
        [draftLine(draft('1'))],
        [draftLine(draft('2'))],
        [draftLine(draft('3'))],
      ]);
      const { rewrite } = outbox;
      outbox.rewrite = (name, text) => (name === '2' ? noSpace() : rewrite(name, text));
      expect(await send()).toMatchObject({ sent: 2, failure: 'ENOSPC' });
      expect(delivered.flat().map((report) => report.report_id)).toEqual(['1', '3']);
      outbox.rewrite = rewrite;
      expect(await send()).toMatchObject({ sent: 1 });
    });

    it('does not ask for ever where every call fails', async () => {
      const { outbox, send } = setUp(
        Array.from({ length: 50 }, (_, at) => [draftLine(draft(`${at}`))]),
      );
      let calls = 0;
      outbox.rewrite = () => ((calls += 1), noSpace());
      expect(await send()).toMatchObject({ sent: 0, failure: 'ENOSPC' });
      expect(calls).toBe(3);
      expect(await outbox.list()).toHaveLength(50);
    });

    it('gives back what cannot be acknowledged, and does not send it again at once', async () => {
      const { outbox, send, delivered } = setUp([[draftLine(draft('1'))], [draftLine(draft('2'))]]);
      const { remove } = outbox;
      outbox.remove = (name) => (name === '1' ? noSpace() : remove(name));
      // A report counts as sent when it has left the queue, so that it counts once.
      expect(await send()).toMatchObject({ sent: 1, queued: 1, failure: 'ENOSPC' });
      expect(delivered).toHaveLength(1);
      expect(await outbox.list()).toEqual(['1']);
      outbox.remove = remove;
      expect(await send()).toMatchObject({ sent: 1, queued: 0 });
      expect(delivered[1]).toEqual(delivered[0]?.slice(0, 1)); // the identical report: it counts once
    });

    it.each([
      [1e300, 1_000_000_000],
      [Number.NaN, 0],
      [-3, 0],
      [2.5, 2],
      ['7', 7],
    ])('sends a total of losses that is one, in each attempt the same: %s', async (given, told) => {
      const { outbox, send, delivered } = setUp([[draftLine(draft('1'))]]);
      outbox.lostTotal = () => given as number; // an app's own outbox may say anything
      const { remove } = outbox;
      outbox.remove = noSpace; // so that the report is sent again
      await send();
      outbox.remove = remove;
      await send();
      expect(delivered.map(([report]) => report?.lost_total)).toEqual([told, told]);
    });

    it('sends without a total of losses that cannot be read', async () => {
      const { outbox, send, delivered } = setUp([[draftLine(draft('1'))]]);
      outbox.lostTotal = noSpace;
      expect(await send()).toMatchObject({ sent: 1 });
      expect(delivered[0]?.[0]?.lost_total).toBe(0);
    });
  });

  it('sends nothing and asks for no ID where nothing waits', async () => {
    const { send, identifications } = setUp([]);
    expect(await send()).toEqual({
      sent: 0,
      queued: 0,
      dropped: {},
      left: new Set(),
      foreign: new Map(),
    });
    expect(identifications()).toBe(0);
  });

  describe('with reports that were recorded for several endpoints', () => {
    const OWN = 'https://stats.acme.dev/v1/reports';
    const TRIAL = 'http://127.0.0.1:4318/v1/reports';
    const to = (report_id: string, url?: string) =>
      draftLine({
        ...draft(report_id),
        endpoint: url === undefined ? undefined : { url },
      } as Draft);
    const SEGMENTS = [
      [to('own', OWN)],
      [to('trial', TRIAL), to('2', TRIAL)],
      [to('local')],
      [to('mixed own', OWN), to('mixed trial', TRIAL), to('mixed local')],
    ];

    it.each<[string, Partial<Endpoint>, string[], number]>([
      ['of the app', { url: OWN }, ['own', 'mixed own'], 3],
      [
        'of the environment',
        { url: TRIAL, fromEnvironment: true },
        ['trial', '2', 'mixed trial'],
        3,
      ],
      ['that is new', { url: 'http://127.0.0.1:9/v1/reports' }, [], 4],
      ['of this machine', { url: TRIAL, implicit: true }, ['local', 'mixed local'], 3],
      ['found on this machine', { url: OWN, foundIn: '/x' }, ['local', 'mixed local'], 3],
    ])('the one %s gets its own, and the rest stays', async (_name, endpoint, expected, left) => {
      const { outbox, send, delivered } = setUp(SEGMENTS, {}, endpoint);
      expect(await send()).toMatchObject({ sent: expected.length, queued: 0, dropped: {} });
      expect(delivered.flat().map(({ report_id }) => report_id)).toEqual(expected);
      expect(delivered.flat().filter((report) => 'endpoint' in report)).toEqual([]);
      expect(outbox.list()).toHaveLength(left);
      const texts = (outbox.list() as string[])
        .map((name) => outbox.claim(name) as string)
        .join('');
      for (const id of SEGMENTS.flat().map((line) => (JSON.parse(line) as Draft).report_id)) {
        expect(texts.includes(`"${id}"`)).toBe(!expected.includes(String(id)));
      }
    });
  });
});
