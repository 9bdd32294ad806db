import { describe, expect, it } from 'vitest';
import type { SenderJob } from '../../../src/delivery/protocol.js';
import { collectFacts } from '../../../src/report/facts.js';
import { sendOutbox } from '../../../src/sender/segments.js';
import { show } from '../../../src/sender/tasks/show.js';
import { deliver } from '../../../src/sender/upload.js';
import { memoryOutbox, memoryStorage } from '../../../src/storage/memory-storage.js';
import { draftLine } from '../../../src/storage/outbox-lines.js';
import { fakePlatform } from '../../support/fake-platform.js';

const info = collectFacts('2.3.1', fakePlatform(), () => null, String);
const now = () => Date.UTC(2026, 10, 22, 21);
const identify = async () =>
  ({ anonymous_id: 'a'.repeat(16), id_source: 'time', id_persisted: true }) as const;

function outboxOf(segments: number, reports: number) {
  const outbox = memoryOutbox();
  for (let segment = 0; segment < segments; segment += 1) {
    for (let at = 0; at < reports; at += 1) {
      const report_id = `${segment}-${at}`;
      const timestamp = '2026-11-22T20:58:00.123Z';
      outbox.append(
        draftLine({ report_id, timestamp, project: 'acme-cli', event: 'startup', info }),
      );
    }
    outbox.seal();
  }
  return outbox;
}

describe('show()', () => {
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
    const job: SenderJob = {
      project: 'acme-cli',
      version: '2.3.1',
      endpoint,
      userAgent: 'acme-cli/2.3.1',
      folders: undefined,
      choiceFiles: [],
      isPersistent: true,
    };
    const shown = await show({
      job,
      env: {},
      files: fakePlatform().files,
      storage: memoryStorage(),
      outboxes,
      leases: undefined,
      now,
      identify,
      findIdentity: () => Promise.resolve(undefined),
      exchange: () => Promise.reject(new Error('show asks nobody')),
    });
    const sent: string[] = [];
    const post = async (body: string) => {
      sent.push(body);
      return { kind: 'accepted', rejected: [] } as const;
    };
    const mayGoOn = () => true;
    for (const outbox of outboxes) {
      await sendOutbox({
        outbox,
        identify,
        endpoint,
        mayGoOn,
        deliver: (reports) =>
          deliver(reports, { endpoint, version: '', post, now, retries: 0, mayGoOn }),
      });
    }
    const next = shown.ok ? shown.next : [];
    expect(next.length).toBeGreaterThan(0);
    expect(next).toEqual(sent.slice(0, next.length));
    if (sizes.every(([segments, reports]) => segments * reports <= 500)) {
      expect(next).toHaveLength(sent.length);
    }
  });
});
