import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startNamespace } from '../../../test/support/namespace.js';
import { withToken } from '../support/admin-token.js';
import { postFor } from '../support/post-answer.js';
import { bearer, fullReport, ownerOf, PROOF, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const TMPFS = 'mount -t tmpfs -o size=24m,mode=700 tmpfs "$1"';

/** An answer that says that the disk is full comes at once, in milliseconds. */
const AT_ONCE_MS = 2000;

/** What is left of the disk: reports are acknowledged, and cannot be counted. */
const LEFT_BYTES = 1_500_000;

const MANIFEST = {
  manifest_version: 1,
  project: 'acme-cli',
  report: {},
  events: { startup: { description: 'The program starts.', fields: {} } },
};

describe('a full disk', () => {
  it('answers every request that writes with 507 at once, and says what is not counted', async () => {
    const data = temporaryFolder();
    const { wrapper, path } = await startNamespace(TMPFS, data);
    const collector = await startProcess(['--port', '0', '--data', data], {}, { wrapper });
    const url = await collector.url();
    const mine = fullReport({ owner: ownerOf(PROOF) });
    const user = `/v1/users/${mine.anonymous_id}?project=${mine.project}`;
    const ask = async (method: string, place: string, body?: unknown, headers = withToken()) => {
      const begin = performance.now();
      const answer = await fetch(url + place, {
        method,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
        ms: performance.now() - begin,
      };
    };
    const send = (): ReturnType<typeof postFor> =>
      postFor(`${url}/v1/reports`, {
        reports: Array.from({ length: 100 }, () => fullReport({ anonymous_id: reportId() })),
      });
    const counting = async (): Promise<{ state: string; reason: string | null }> => {
      const { components } = (await ask('GET', '/health')).body as {
        components: { counting: { state: string; reason: string | null } };
      };
      return components.counting;
    };

    expect((await postFor(`${url}/v1/reports`, { reports: [mine] })).status).toBe(202);
    const project = '/v1/projects/acme-cli';
    const token = await ask('POST', '/v1/tokens', { level: 'restricted' });
    const { token: made } = token.body as { token: unknown };
    const { id } = (typeof made === 'object' ? made : token.body) as { id: string };
    const { body: cleaning } = await ask('POST', `${project}/cleanings`, { day: '2020-01-01' });
    const filledMs = performance.now();
    const { bavail, bsize } = statfsSync(path(data));
    writeFileSync(path(join(data, 'fill')), Buffer.alloc(bavail * bsize - LEFT_BYTES));
    await until('reports are refused, and others wait to be counted', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, send));
      return answers.every(({ status }) => status === 507);
    });
    await until('it is said that counting fails', async () => {
      return (await counting()).state === 'failing';
    });
    expect((await counting()).reason).toMatch(
      /have not been counted since 20\S+Z: the disk is full\. Make room/,
    );
    const requests: [string, string, unknown?, { authorization: string }?][] = [
      ['DELETE', user, undefined, bearer(PROOF)],
      ['POST', '/v1/tokens', { level: 'restricted' }],
      ['DELETE', `/v1/tokens/${id}`],
      ['PUT', project, { status: 'closed' }],
      ['PUT', `${project}/manifest`, MANIFEST],
      ['POST', `${project}/write-key`],
      ['POST', `${project}/cleanings`, { day: '2020-01-01' }],
      ['DELETE', `/v1/cleanings/${String(cleaning['id'])}`],
    ];
    for (const [method, place, body, headers] of requests) {
      const answer = await ask(method, place, body, headers);
      const name = `${method} ${place}`;
      expect([name, answer.status, answer.body['code']]).toEqual([name, 507, 'disk_full']);
      expect([name, answer.ms < AT_ONCE_MS]).toEqual([name, true]);
    }
    // This one needs no counts, and so little room that there may be some: either is said at once.
    const administrators = await ask('DELETE', '/v1/users/another?project=acme-cli');
    expect([202, 507]).toContain(administrators.status);
    expect(administrators.ms).toBeLessThan(AT_ONCE_MS);
    // What is only read is answered as far as it can be.
    const own = await ask('GET', user, undefined, bearer(PROOF));
    expect([own.status, own.body['code'], own.ms < AT_ONCE_MS]).toEqual([503, 'failing', true]);
    expect((await ask('GET', '/v1/tokens')).status).toBe(200);
    expect((await ask('GET', '/livez')).status).toBe(200);

    const lines = (text: string): number => collector.stdout().split(`"msg":"${text}"`).length - 1;
    // A line for each kind of error at once, and then one a minute, however many requests fail.
    const minutes = Math.ceil((performance.now() - filledMs) / 60_000);
    for (const text of ['the disk failed', 'counting failed']) {
      expect([text, lines(text) > 0, lines(text) <= 4 * minutes]).toEqual([text, true, true]);
    }
    rmSync(path(join(data, 'fill')));
    await until('counting goes on', async () => (await counting()).state === 'ok');
    await until('the log tells it', () => lines('counting goes on') > 0);
    expect((await ask('DELETE', user, undefined, bearer(PROOF))).status).toBe(202);
    expect((await ask('GET', user, undefined, bearer(PROOF))).status).toBe(404);
  });
});
