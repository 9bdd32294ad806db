import type { SenderJob } from '../../src/delivery/protocol.js';
import type { Http, Request } from '../../src/sender/http.js';
import { installState } from '../../src/sender/install-state.js';
import { createRoute } from '../../src/sender/routes.js';
import type { SendParts, Source } from '../../src/sender/send-pass.js';
import type { TaskParts } from '../../src/sender/tasks/task.js';
import type { Leases } from '../../src/delivery/lease.js';
import type { OutboxStorage } from '../../src/storage/storage.js';
import { memoryStorage } from '../../src/storage/memory-storage.js';
import type { Report, RejectedReport } from '../../src/wire/report.js';
import { reportsIn } from './http-recorder.js';

/** What a collector answers to a request; it throws what the network would. */
export type Respond = (reports: Report[]) => {
  readonly status?: number;
  readonly rejected?: readonly Partial<RejectedReport>[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of a list of the rejected reports. */
  readonly body?: string;
};

/** A collector behind {@link Http}, and the reports of each request that it got. */
export function fakeHttp(respond: Respond = () => ({})): Http & { readonly requests: Report[][] } {
  const requests: Report[][] = [];
  return {
    requests,
    async request({ body }: Request) {
      const reports = reportsIn({ body: Buffer.from(body ?? []).toString() });
      requests.push(reports);
      const { status = 202, rejected = [], headers = {}, body: text } = respond(reports);
      const said = text ?? JSON.stringify({ rejected });
      return { status, body: said, header: (name) => headers[name] };
    },
  };
}

/** An error of the network. */
export function networkError(code: string): never {
  throw Object.assign(new Error(code), { code });
}

/** A job of a child or thread that sends for acme-cli. */
export const testJob: SenderJob = {
  project: 'acme-cli',
  version: '2.3.1',
  endpoint: { url: 'https://x/v1/reports', form: 'batch', implicit: false },
  folders: undefined,
  choiceFiles: [],
  isPersistent: true,
};

/** {@link SendParts}, and what only parts of the sender or the tests take. */
export type TestSendParts = SendParts & Pick<TaskParts, 'storage' | 'allOutboxes'>;

/** No collector runs on this machine. */
const noCollector = { readOwnFile: () => undefined, processes: { isAlive: () => false } };

/** All that sending takes beside an outbox, where time stands still. */
export function testSendParts(http: Http, job: Partial<SenderJob> = {}): TestSendParts {
  const storage = memoryStorage();
  return {
    job: { ...testJob, ...job },
    http,
    env: {},
    storage,
    install: installState(storage),
    route: createRoute({ ...testJob, ...job }, noCollector),
    allOutboxes: () => [],
    files: {
      read: () => undefined,
      replace: () => undefined,
      stat: () => undefined,
      list: () => [],
    },
    clock: {
      now: () => 0,
      elapsed: () => 0,
      random: () => 1,
      randomBytes: (count) => new Uint8Array(count).fill(7),
      sleep: () => Promise.resolve(),
      every: () => () => undefined,
    },
    // Nothing is compressed here, so that every body can be read.
    compression: {
      isWanted: false,
      gzip: () => Promise.reject(new Error('no compression is wanted')),
    },
    identify: () => Promise.reject(new Error('each report has a given ID')),
    deadlineMs: Infinity,
    stop: new AbortController().signal,
  };
}

/** An outbox without queues for other endpoints. */
export const sourceOf = (own: OutboxStorage, leases?: Leases): Source => ({
  own,
  others: () => [],
  leases,
});
