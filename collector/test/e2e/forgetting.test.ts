import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { post, startLoad } from '../support/load.js';
import { bearer, fullReport, PROOF } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly ms: number;
}

/** Each client has 60 of these requests at once, and this machine has many addresses. */
let clients = 1;

/** Not by `fetch()`, which changes paths such as `/v1/users/..`. */
function ask(method: 'GET' | 'DELETE', url: string, id: string, proof = PROOF): Promise<Answer> {
  const { hostname: host, port } = new URL(url);
  const path = `/v1/users/${encodeURIComponent(id)}?project=acme-cli`;
  const localAddress = `127.0.0.${(clients++ % 250) + 1}`;
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const options = { method, host, port, path, localAddress, headers: bearer(proof) };
    const asking = request(options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const ms = performance.now() - started;
        const body = JSON.parse(text) as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, body, ms });
      });
    });
    asking.on('error', reject);
    asking.end();
  });
}

async function countOf(url: string, kind: string): Promise<number> {
  const response = await fetch(`${url}/v1/stats/quality`, { headers: withToken() });
  return Number(((await response.json()) as Record<string, unknown>)[kind]);
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;

describe('a deletion that was acknowledged', () => {
  it('holds after kill -9 at once, for every report that was acknowledged before it', async () => {
    const args = ['--port', '0', '--log-level', 'warn', '--data', temporaryFolder()];
    const users = Array.from({ length: 12 }, (_, n) => `user-${n}`);
    const late = users.map((anonymous_id) =>
      fullReport({ anonymous_id, timestamp: new Date().toISOString() }),
    );
    for (let round = 0; round < 4; round++) {
      const killed = await startProcess(args);
      const url = await killed.url();
      // Others keep the counting busy, so that what is deleted is still in the journal.
      const load = startLoad(url, 4);
      await until('there is load', () => load.acknowledged.length > 50);
      const mine = users.slice(round * 3, round * 3 + 3);
      const reports = mine.flatMap((anonymous_id) =>
        Array.from({ length: 20 }, () =>
          fullReport({ anonymous_id, timestamp: new Date().toISOString() }),
        ),
      );
      expect(await post(`${url}/v1/reports`, { reports })).toBe(202);
      const receipts = await Promise.all(mine.map((id) => ask('DELETE', url, id)));
      killed.child.kill('SIGKILL');
      await killed.ended;
      await load.ended;
      for (const { status, body } of receipts) {
        expect(status).toBe(202);
        expect(body).toMatchObject({ project: 'acme-cli' });
      }
      expect(new Set(receipts.map(({ body }) => body['receipt_id'])).size).toBe(mine.length);
    }

    const url = await (await startProcess(args)).url();
    expect(await post(`${url}/v1/reports`, { reports: late })).toBe(202);
    for (const id of users) {
      expect([id, (await ask('GET', url, id)).status]).toEqual([id, 404]);
    }
    expect(await countOf(url, 'forgotten')).toBe(users.length);
    const timestamp = new Date(Date.now() + 1000).toISOString();
    const again = fullReport({ anonymous_id: 'user-0', timestamp });
    expect(await post(`${url}/v1/reports`, again)).toBe(202);
    const { body } = await ask('GET', url, 'user-0');
    expect(body).toMatchObject({ total_reports: 1, deleted_at: expect.any(String) as string });
  });

  it('takes as long to refuse, and looks the same, whether the ID was known or not', async () => {
    const args = ['--port', '0', '--log-level', 'warn', '--data', temporaryFolder()];
    const url = await (await startProcess(args)).url();
    const known = Array.from({ length: 25 }, (_, n) => `known-${n}`);
    const reports = known.flatMap((anonymous_id) =>
      Array.from({ length: 20 }, () => fullReport({ anonymous_id })),
    );
    expect(await post(`${url}/v1/reports`, { reports })).toBe(202);
    const times = { known: [] as number[], unknown: [] as number[] };
    const shapes = new Set<string>();
    for (const method of ['GET', 'DELETE'] as const) {
      // Alternating, so that a machine that is busy for a while is so for both.
      for (const [n, id] of known.entries()) {
        for (const [kind, asked] of [
          ['known', id],
          ['unknown', `nobody-${n}`],
        ] as const) {
          const answer = await ask(method, url, asked, 'b2'.repeat(32));
          times[kind].push(answer.ms);
          const { request_id: random, ...body } = answer.body;
          expect(random).toEqual(expect.any(String));
          shapes.add(`${answer.status} ${JSON.stringify(body)}`);
        }
      }
    }
    expect([...shapes]).toHaveLength(1);
    const ratio = median(times.known) / median(times.unknown);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it.each(['.', '..', '/', '\u007f'])(
    'takes the ID %j, whatever the path looks like',
    async (id) => {
      const args = ['--port', '0', '--log-level', 'warn', '--data', temporaryFolder()];
      const url = await (await startProcess(args)).url();
      const report = fullReport({ anonymous_id: id, timestamp: new Date().toISOString() });
      expect(await post(`${url}/v1/reports`, report)).toBe(202);
      expect((await ask('GET', url, id)).body['total_reports']).toBe(1);
      expect((await ask('DELETE', url, id)).status).toBe(202);
      expect((await ask('GET', url, id)).status).toBe(404);
    },
  );
});
