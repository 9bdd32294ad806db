import { describe, expect, it } from 'vitest';
import { collectFacts } from '../../../src/report/facts.js';
import { sendSegments } from '../../../src/sender/segments.js';
import type { Http } from '../../../src/sender/http.js';
import { show } from '../../../src/sender/tasks/show.js';
import { memoryOutbox } from '../../../src/storage/memory-storage.js';
import { draftLine } from '../../../src/storage/outbox-lines.js';
import { fakePlatform } from '../../support/fake-platform.js';
import { testSendParts } from '../../support/send-parts.js';

const info = collectFacts('2.3.1', fakePlatform(), { ci: () => null, version: String }, String);
const now = () => Date.UTC(2026, 10, 22, 21);
const identify = async () =>
  ({ anonymous_id: 'a'.repeat(16), id_source: 'time', id_persisted: true }) as const;

function outboxOf(segments: number, reports: number) {
  const outbox = memoryOutbox();
  for (let segment = 0; segment < segments; segment += 1) {
    for (let at = 0; at < reports; at += 1) {
      const report_id = `${segment}-${at}`;
      const at_ms = Date.UTC(2026, 10, 22, 20, 58, 0, 123);
      outbox.append(
        draftLine({
          report_id,
          at_ms,
          project: 'acme-cli',
          event: 'startup',
          info,
          endpoint: { url: 'https://x/v1/reports' },
        }),
      );
    }
    outbox.seal();
  }
  return outbox;
}

describe('show()', () => {
  it.each([
    ['', undefined],
    ['{"report_id":"1"}\n', [{ file: '/state/day.2026-11-22', report: '{"report_id":"1"}' }]],
  ])('gives the report that a client in another language keeps: %j', async (text, others) => {
    const endpoint = { url: 'https://x/v1/reports', form: 'batch', implicit: false } as const;
    const http: Http = { request: () => Promise.reject(new Error('show asks no collector')) };
    const parts = testSendParts(http, { endpoint });
    const { files } = fakePlatform({
      files: { '/state/day.2026-11-22': text, '/state/day.txt': 'x', '/state/wait': '1' },
    });
    const folders = { config: '/config', state: '/state', outbox: '/state/outbox' };
    const shown = await show({
      ...parts,
      job: { ...parts.job, folders },
      clock: { ...parts.clock, now },
      identify,
      http,
      files,
      network: { ipFamily: () => 0, isInSubnet: () => false },
      outboxes: [],
      leases: undefined,
      findIdentity: () => Promise.resolve(undefined),
      findStoredIdentity: () => Promise.resolve(undefined),
    });
    expect(shown.ok && shown.next).toEqual([]);
    expect(shown.ok && shown.others).toEqual(others);
  });

  it.each([
    ['batch', [[2, 3]]],
    ['batch', [[3, 300]]], // more than a request takes
    ['single', [[2, 3]]],
    [
      'batch',
      [
        [1, 2],
        [1, 3],
      ],
    ], // files, and memory beside them
  ] as const)('gives the bytes that are sent next, to the last: %s, %j', async (form, sizes) => {
    const endpoint = { url: 'https://x/v1/reports', form, implicit: false };
    const outboxes = sizes.map(([segments, reports]) => outboxOf(segments, reports));
    const sent: string[] = [];
    const http: Http = {
      async request({ body }) {
        sent.push(Buffer.from(body ?? []).toString());
        return { status: 202, body: '{"rejected":[]}', header: () => undefined };
      },
    };
    const asked: Http = { request: () => Promise.reject(new Error('show asks no collector')) };
    const parts = testSendParts(http, { endpoint });
    const clock = { ...parts.clock, now };
    const shown = await show({
      ...parts,
      clock,
      identify,
      http: asked,
      files: fakePlatform().files,
      network: { ipFamily: () => 0, isInSubnet: () => false },
      outboxes,
      leases: undefined,
      findIdentity: () => Promise.resolve(undefined),
      findStoredIdentity: () => Promise.resolve(undefined),
    });
    const way = { retries: 0, mayGoOn: () => true, isRetired: false };
    for (const outbox of outboxes) {
      await sendSegments({ ...parts, ...way, clock, identify, outbox });
    }
    const next = shown.ok ? shown.next : [];
    expect(next.length).toBeGreaterThan(0);
    expect(next).toEqual(sent.slice(0, next.length));
    if (sizes.every(([segments, reports]) => segments * reports <= 500)) {
      expect(next).toHaveLength(sent.length);
    }
  });
});
