import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { type Answer, startCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const PATH = '/v1/projects/acme-cli/annotations';

async function start(data = temporaryFolder()) {
  const collector = await startCollector({ data });
  const ask = async (method: string, url: string, payload?: object): Promise<Answer> => {
    const answer = await collector.app.inject({
      method: method as 'GET',
      url,
      headers: withToken(),
      ...(payload && { payload }),
    });
    const body = answer.body === '' ? {} : answer.json<Record<string, unknown>>();
    return { status: answer.statusCode, headers: answer.headers, body, text: answer.body };
  };
  await ask('PUT', '/v1/projects/acme-cli', { visibility: 'detailed' });
  return { ...collector, data, ask };
}

const idOf = ({ body }: Answer): string => String(body['id']);

describe('/v1/projects/{project}/annotations', () => {
  it('makes, lists, changes and removes notes, and writes each change to the audit log', async () => {
    const { ask } = await start();
    const made = await ask('POST', PATH, { date: '2026-11-20', text: 'Moved to a new CDN' });
    expect(made).toMatchObject({
      status: 201,
      body: {
        ...{ date: '2026-11-20', to: '2026-11-20', kind: 'note', public: false },
        ...{ text: 'Moved to a new CDN', created_at: '2026-11-22T21:00:00.000Z', changed_at: null },
      },
    });
    const earlier = await ask('POST', PATH, {
      ...{ date: '2026-11-01', to: '2026-11-03', kind: 'incident', text: 'Reports were refused' },
      public: true,
    });
    const list = await ask('GET', PATH);
    expect(list.body['annotations']).toEqual([earlier.body, made.body]);

    const changed = await ask('PATCH', `${PATH}/${idOf(made)}`, { date: '2026-11-21' });
    expect(changed.body).toEqual({
      ...made.body,
      ...{ date: '2026-11-21', to: '2026-11-21', changed_at: '2026-11-22T21:00:00.000Z' },
    });
    expect(await ask('PATCH', `${PATH}/${idOf(earlier)}`, { date: '2026-11-02' })).toMatchObject({
      body: { date: '2026-11-02', to: '2026-11-03', kind: 'incident', public: true },
    });

    expect((await ask('DELETE', `${PATH}/${idOf(made)}`)).status).toBe(204);
    expect((await ask('DELETE', `${PATH}/${idOf(made)}`)).status).toBe(404);
    const left = (await ask('GET', PATH)).body['annotations'] as { id: string }[];
    expect(left.map(({ id }) => id)).toEqual([idOf(earlier)]);

    const { entries } = (await ask('GET', '/v1/audit')).body as {
      entries: { action: string; target: string; outcome: string; details?: object }[];
    };
    const target = `acme-cli ${idOf(made)}`;
    expect(entries.slice(0, 6).map(({ action, outcome }) => [action, outcome])).toEqual([
      ['DELETE /v1/projects/:project/annotations/:id', 'failed'],
      ['DELETE /v1/projects/:project/annotations/:id', 'done'],
      ['PATCH /v1/projects/:project/annotations/:id', 'done'],
      ['PATCH /v1/projects/:project/annotations/:id', 'done'],
      ['POST /v1/projects/:project/annotations', 'done'],
      ['POST /v1/projects/:project/annotations', 'done'],
    ]);
    expect(entries[3]).toMatchObject({ target, details: { date: '2026-11-21' } });
    expect(entries[5]).toMatchObject({ target, details: { text: 'Moved to a new CDN' } });
  });

  it('keeps a text without the spaces around it', async () => {
    const { ask } = await start();
    const made = await ask('POST', PATH, { date: '2026-11-20', text: '  A note ' });
    expect(made.body).toMatchObject({ text: 'A note' });
    const changed = await ask('PATCH', `${PATH}/${idOf(made)}`, { text: ' Another  ' });
    expect(changed.body).toMatchObject({ text: 'Another' });
  });

  it('says what is wrong, and changes nothing then', async () => {
    const { ask } = await start();
    const made = await ask('POST', PATH, { date: '2026-11-20', text: 'A note' });
    const wrong = [
      [{ date: '2026-02-30', text: 'a' }, '/date'],
      [{ date: '2026-11-20', to: '2026-11-19', text: 'a' }, '/to'],
      [{ date: '2026-11-20', to: '2027-11-21', text: 'a' }, '/to'],
      [{ date: '2026-11-20', to: '2026-13-01', text: 'a' }, '/to'],
    ] as const;
    for (const [body, path] of wrong) {
      expect(await ask('POST', PATH, body)).toMatchObject({
        status: 422,
        body: { code: 'bad_annotation', path },
      });
    }
    for (const body of [
      {},
      { date: '2026-11-20' },
      { date: 'today', text: 'a' },
      { date: '2026-11-20', text: '' },
      { date: '2026-11-20', text: '   ' },
      { date: '2026-11-20', text: 'two\nlines' },
      { date: '2026-11-20', text: '\u001b[31mred' },
      { date: '2026-11-20', text: 'x'.repeat(281) },
      { date: '2026-11-20', text: 'a', kind: 'release' },
      { date: '2026-11-20', text: 'a', public: 'yes' },
      { date: '2026-11-20', text: 'a', colour: 'red' },
    ]) {
      const { status } = await ask('POST', PATH, body);
      expect({ body, isRefused: status >= 400 && status < 500 }).toEqual({
        body,
        isRefused: true,
      });
    }
    for (const unseen of [
      '\n',
      '\u001b',
      '\u0085',
      '\u2028',
      '\u202e',
      '\u2067',
      '\u200b',
      '\ud800',
    ]) {
      const refused = { status: 422, body: { code: 'bad_text', path: '/text' } };
      const body = { date: '2026-11-20', text: `a${unseen}b` };
      expect(await ask('POST', PATH, body)).toMatchObject(refused);
      expect(await ask('PATCH', `${PATH}/${idOf(made)}`, body)).toMatchObject(refused);
    }
    expect(await ask('PATCH', `${PATH}/${idOf(made)}`, { to: '2026-11-01' })).toMatchObject({
      status: 422,
      body: { path: '/to' },
    });
    expect((await ask('PATCH', `${PATH}/0123456789`, { text: 'a' })).status).toBe(404);
    expect(
      (
        await ask('POST', PATH.replace('acme-cli', 'nobody'), {
          date: '2026-11-20',
          text: 'a',
        })
      ).status,
    ).toBe(404);
    expect((await ask('GET', PATH)).body['annotations']).toEqual([made.body]);
  });

  it('keeps at most 200 of a project', async () => {
    const { ask } = await start();
    const made = await Promise.all(
      Array.from({ length: 201 }, (_, n) =>
        ask('POST', PATH, { date: '2026-11-20', text: `Note ${n}` }),
      ),
    );
    const refused = made.filter(({ status }) => status !== 201);
    expect(refused).toMatchObject([{ status: 409, body: { code: 'too_many_annotations' } }]);
    expect((await ask('GET', PATH)).body['annotations']).toHaveLength(200);
    await ask('DELETE', `${PATH}/${idOf(made.find(({ status }) => status === 201) as Answer)}`);
    expect((await ask('POST', PATH, { date: '2026-11-20', text: 'One more' })).status).toBe(201);
  });

  it('keeps them over a restart, and with the settings of a project that is removed', async () => {
    const first = await start();
    await first.post('/v1/reports', fullReport());
    const made = await first.ask('POST', PATH, { date: '2026-11-20', text: 'A note' });
    await first.close();
    const { ask } = await start(first.data);
    expect((await ask('GET', PATH)).body['annotations']).toEqual([made.body]);
    const { body } = await ask('DELETE', '/v1/projects/acme-cli');
    expect((await ask('GET', PATH)).status).toBe(404);
    expect((await ask('DELETE', `/v1/cleanings/${String(body['id'])}`)).status).toBe(202);
    expect((await ask('GET', PATH)).body['annotations']).toEqual([made.body]);
  });
});
