import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { OWN_PAGE, signIn } from '../support/browser.js';
import { fullReport } from '../support/reports.js';
import { changeProject } from '../support/shown-project.js';
import type { TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';
import { shareTwoNodes } from './support/two-nodes.js';

/** What a node knows before so long, it was told. */
const HOUR_MS = 60 * 60 * 1000;

const shared = shareTwoNodes({ checkNodesEveryMs: HOUR_MS });

const send = async (node: TestCollector, project: string) => {
  const { body } = await node.post('/v1/reports', { reports: [fullReport({ project })] });
  return body['accepted'] === 1 ? 'accepted' : body['code'];
};

const levelOf = async ({ app }: TestCollector, headers: Record<string, string>) => {
  const answer = await app.inject({ url: '/v1/session', headers });
  return answer.statusCode === 200 ? answer.json<{ level: string }>().level : answer.statusCode;
};

const createProject = async ({ app }: TestCollector, project: string): Promise<void> => {
  const url = `/v1/projects/${project}`;
  const answer = await app.inject({ method: 'PUT', url, payload: {}, headers: withToken() });
  expect(answer.statusCode).toBe(201);
};

const note = (node: TestCollector, text: string) =>
  node.post('/v1/projects/noted-cli/annotations', { date: '2026-11-20', text }, withToken());

const actionsOf = async (node: TestCollector, query = ''): Promise<readonly string[]> => {
  const { body } = await node.get(`/v1/audit?limit=100${query}`, withToken());
  return (body['entries'] as { action: string; target: string }[]).map(
    ({ action, target }) => `${action} ${target}`,
  );
};

describe('nodes on one store', () => {
  it('let a token in until one of them revokes it', async () => {
    const [here, there] = shared();
    const made = await here.post('/v1/tokens', { level: 'developer' }, withToken());
    const { id, token } = made.body as { id: string; token: string };
    const statusOf = async (node: TestCollector) =>
      (await node.get('/v1/tokens', withToken(token))).status;
    await until('the other node lets it in', async () => (await statusOf(there)) !== 401);
    expect((await there.delete(`/v1/tokens/${id}`, withToken())).status).toBe(204);
    expect(await statusOf(there)).toBe(401);
    await until('the first node refuses it', async () => (await statusOf(here)) === 401);
  });

  it('sign a person in and out', async () => {
    const [here, there] = shared();
    const { cookie, formKey } = await signIn(here);
    const headers = { cookie };
    await until('the other node knows the session', async () => {
      return (await levelOf(there, headers)) === 'administrator';
    });
    const { statusCode } = await there.app.inject({
      method: 'DELETE',
      url: '/v1/session',
      headers: { ...headers, ...OWN_PAGE, 'headcount-form-key': formKey },
    });
    expect(statusCode).toBe(204);
    await until('the session has ended on the first node', async () => {
      return (await levelOf(here, headers)) !== 'administrator';
    });
  });

  it('close and open a project', async () => {
    const [here, there] = shared();
    await createProject(here, 'closed-cli');
    expect(await send(there, 'closed-cli')).toBe('accepted');
    await changeProject(here, { status: 'closed' }, 'closed-cli');
    await until('the other node refuses reports', async () => {
      return (await send(there, 'closed-cli')) === 'project_closed';
    });
    await changeProject(there, { status: 'open' }, 'closed-cli');
    await until('the first node takes them', async () => {
      return (await send(here, 'closed-cli')) === 'accepted';
    });
  });

  it('want the write key that one of them has issued', async () => {
    const [here, there] = shared();
    await createProject(here, 'key-cli');
    const made = await here.post('/v1/projects/key-cli/write-key', {}, withToken());
    expect(made.status).toBe(201);
    await until('the other node wants it', async () => {
      return (await send(there, 'key-cli')) === 'key_required';
    });
  });

  it('count what one of them was told that a project declares', async () => {
    const [here, there] = shared();
    const url = '/v1/projects/declared-cli/manifest';
    const payload = { manifest_version: 1, project: 'declared-cli', report: {}, events: {} };
    const put = { method: 'PUT', url, payload, headers: withToken() } as const;
    expect((await here.app.inject(put)).statusCode).toBeLessThan(300);
    const statusOf = async (node: TestCollector) => (await node.get(url, withToken())).status;
    await until('the other node knows it', async () => (await statusOf(there)) === 200);
    const report = () => fullReport({ project: 'declared-cli', event: 'build' });
    await there.post('/v1/reports', { reports: [report()] });
    expect((await there.delete(url, withToken())).status).toBe(204);
    await until('the first node knows of none', async () => (await statusOf(here)) === 404);
    await here.post('/v1/reports', { reports: [report()] });
    await until('both are counted', async () => {
      const { body } = await here.get('/v1/stats/quality?project=declared-cli');
      return body['accepted'] === 2 && body['undeclared_events'] === 1;
    });
  });

  it('lose no change that both make at once', async () => {
    const nodes = shared();
    await createProject(nodes[0], 'noted-cli');
    await until('the other node knows the project', async () => {
      return (await nodes[1].get('/v1/projects/noted-cli', withToken())).status === 200;
    });
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, n) => {
        const node = nodes[n % 2] ?? nodes[0];
        return note(node, `note ${n}`);
      }),
    );
    expect(made.map(({ status }) => status)).toEqual(made.map(() => 201));
    const ids = made.map(({ body }) => body['id']).sort();
    for (const node of nodes) {
      await until('the node knows all of them', async () => {
        const { body } = await node.get('/v1/projects/noted-cli/annotations', withToken());
        const notes = body['annotations'] as { id: string }[];
        return String(notes.map(({ id }) => id).sort()) === String(ids);
      });
    }
  });

  it('tell in one log what was done on each', async () => {
    const nodes = shared();
    await Promise.all(nodes.map((node, n) => createProject(node, `audited-${n}`)));
    for (const node of nodes) {
      expect(await actionsOf(node)).toEqual(
        expect.arrayContaining([
          expect.stringContaining('audited-0'),
          expect.stringContaining('audited-1'),
        ]),
      );
    }
  });
});
