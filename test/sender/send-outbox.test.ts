import { describe, expect, it } from 'vitest';
import type { Draft } from '../../src/report/draft.js';
import { collectFacts } from '../../src/report/facts.js';
import type { Http } from '../../src/sender/http.js';
import { sendOwnOutbox } from '../../src/sender/send-outbox.js';
import { memoryOutbox } from '../../src/storage/memory-storage.js';
import { draftLine } from '../../src/storage/outbox-lines.js';
import { fakePlatform } from '../support/fake-platform.js';
import { reportsIn } from '../support/http-recorder.js';
import { testJob, testSendParts } from '../support/send-parts.js';

const OWN = testJob.endpoint.url;
const TRIAL = 'https://trial.example/v1/reports';
const INSECURE = 'http://stats.acme.dev/v1/reports';
const THIS_MACHINE = 'http://127.0.0.1:8081/v1/reports';
const AT_MS = Date.UTC(2026, 10, 22, 20, 58, 0, 123);
const info = collectFacts('2.3.1', fakePlatform(), { ci: () => null, version: String }, String);

const line = (event: string, url?: string): string => {
  const draft: Draft = {
    at_ms: AT_MS,
    project: 'acme-cli',
    event,
    info,
    given_id: 'a'.repeat(16),
    ...(url !== undefined && { endpoint: { url } }),
  };
  return draftLine(draft);
};

/** One outbox with reports for four endpoints, as a storage of the app may have it. */
async function sent(status: (url: string) => number = () => 202) {
  const outbox = memoryOutbox();
  outbox.append(line('trial', TRIAL) + line('own', OWN));
  outbox.seal();
  outbox.append(line('insecure', INSECURE) + line('local'));
  outbox.seal();
  outbox.append(line('trial again', TRIAL));
  outbox.seal();
  const got: [string, string, string][] = [];
  const http: Http = {
    async request({ url, body }) {
      for (const { event, report_id } of reportsIn({ body: String(body) })) {
        got.push([url, event, report_id]);
      }
      return { status: status(url), body: '', header: () => undefined };
    },
  };
  const parts = testSendParts(http);
  const send = () => sendOwnOutbox({ ...parts, outbox, mayGoOn: () => true });
  const first = await send();
  const left = (outbox.list() as string[]).map((name) => {
    const text = outbox.claim(name) as string;
    void outbox.release(name);
    return [...text.matchAll(/"event":"([^"]+)"/g)].map(([, event]) => event).join();
  });
  return { got, first, left, send, storage: parts.storage };
}

describe('sendOwnOutbox', () => {
  it('sends each report to its own endpoint, also where one segment has several', async () => {
    const { got, first, left, storage } = await sent();
    expect(got.map(([url, event]) => [url, event]).sort()).toEqual(
      [
        [OWN, 'own'],
        [TRIAL, 'trial'],
        [TRIAL, 'trial again'],
        [THIS_MACHINE, 'local'],
      ].sort(),
    );
    expect(got[0]).toEqual([OWN, 'own', expect.any(String)]); // the app's own goes first
    expect(first.result).toMatchObject({ sent: 1, queued: 0, dropped: {} });
    // This app does not allow plain http to another machine.
    expect(left).toEqual(['insecure']);
    // These reports have a given ID: it has no owner who could ask the collectors for its data.
    expect(await storage.get('collectors')).toBeUndefined();
  });

  it('numbers reports by the random bytes of the sender, and keeps the time of the event', async () => {
    const { got } = await sent();
    const time = AT_MS.toString(16).padStart(12, '0');
    for (const [, , id] of got) {
      expect(id).toBe(`${time.slice(0, 8)}-${time.slice(8)}-7707-8707-070707070707`);
    }
  });

  it.each([
    ['is down', 503],
    ['has retired the version', 410],
  ])('does not let an endpoint that %s disturb the others', async (_name, status) => {
    const { got, first, send } = await sent((url) => (url === TRIAL ? status : 202));
    expect(first.result).toMatchObject({ sent: 1, queued: 0, dropped: {} });
    expect(first.result.error).toBeUndefined();
    expect(got.map(([, event]) => event)).toEqual(expect.arrayContaining(['own', 'local']));
    const before = got.length;
    expect((await send()).result.error).toBeUndefined();
    expect(got.slice(before).filter(([url]) => url !== TRIAL)).toEqual([]);
  });

  it('sends to the others while its own endpoint is down', async () => {
    const { got, first } = await sent((url) => (url === OWN ? 503 : 202));
    expect(first.result).toMatchObject({ sent: 0, queued: 1 });
    expect(got.map(([, event]) => event)).toEqual(
      expect.arrayContaining(['trial', 'trial again', 'local']),
    );
  });
});
