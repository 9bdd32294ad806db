import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { OWN_PAGE, signIn } from '../support/browser.js';
import { reportVisits } from '../support/report-visits.js';
import { type Answer, startCollector, type TestCollector } from '../support/start-collector.js';

const PATH = '/p/acme-cli/settings';
const PAGE_TYPE = 'application/vnd.headcount.page+json';
const MANIFEST = {
  ...{ manifest_version: 1, project: 'acme-cli', report: {} },
  events: { ran: { description: 'It ran', fields: {} } },
};

type Form = Readonly<Record<string, string>>;

interface Browser {
  readonly collector: TestCollector;
  /** Sends a form as a page of the collector does. */
  send(form: Form, query?: string, headers?: Record<string, string>): Promise<Answer>;
  /** Goes where a form has led to, as a browser does, and gives what is there. */
  follow(sent: Answer): Promise<Answer>;
  /** Sends a form, which is done, and gives the page that it leads to. */
  act(form: Form, query?: string): Promise<string>;
  page(query?: string): Promise<Record<string, unknown>>;
  /** The actions of the audit log, newest first. */
  audit(): Promise<string[]>;
}

/** A project with a few people, and an administrator who has signed in. */
async function open(): Promise<Browser> {
  const collector = await startCollector();
  await reportVisits(collector, [
    { user: 'ada', at: '2026-11-10' },
    { user: 'bob', at: '2026-11-11' },
    { user: 'eve', at: '2026-11-11' },
  ]);
  const { cookie, formKey } = await signIn(collector);
  const read = async (url: string, headers: Record<string, string>): Promise<Answer> =>
    collector.stranger(url, { ...OWN_PAGE, cookie, ...headers });
  const send: Browser['send'] = async (form, query = '', headers = {}) =>
    sendForm(collector, { form_key: formKey, ...form }, query, { ...OWN_PAGE, cookie, ...headers });
  return {
    collector,
    send,
    follow: async (sent) => {
      expect(sent.status).toBe(303);
      const once = String(sent.headers['set-cookie']).split(';')[0] ?? '';
      const url = String(sent.headers['location']).replace(/#.*/, '');
      return read(url, { accept: 'text/html', cookie: `${cookie}; ${once}` });
    },
    act: async (form, query = '') => {
      const { status, headers, text } = await send(form, query);
      expect([status, status === 303 ? '' : text]).toEqual([303, '']);
      const location = String(headers['location']);
      expect(location).toMatch(new RegExp(`^${PATH}(\\?.*)?#[a-z-]+$`));
      const once = String(headers['set-cookie']).split(';')[0] ?? '';
      const url = location.replace(/#.*/, '');
      return (await read(url, { accept: 'text/html', cookie: `${cookie}; ${once}` })).text;
    },
    page: async (query = '') => {
      const { body } = await read(`${PATH}${query}`, { accept: PAGE_TYPE });
      return body['content'] as Record<string, unknown>;
    },
    audit: async () => {
      const { body } = await collector.stranger('/v1/audit', withToken());
      return (body['entries'] as { action: string; outcome: string }[]).map(
        ({ action, outcome }) => `${action} ${outcome}`,
      );
    },
  };
}

async function sendForm(
  collector: TestCollector,
  form: Form,
  query: string,
  headers: Record<string, string>,
): Promise<Answer> {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const text = new URLSearchParams(form).toString();
  return collector.post(PATH + query, text, { accept: 'text/html', ...type, ...headers });
}

/** The secret that a page shows. */
function secretIn({ text }: Answer): string {
  const [, secret] = /id="secret-text">([^<]+)</.exec(text) ?? [];
  if (secret === undefined) throw new Error('The page shows no secret.');
  return secret;
}

const ask = async ({ collector }: Browser, path: string): Promise<Record<string, unknown>> =>
  (await collector.stranger(path, withToken())).body;

const projectOf = (browser: Browser) => ask(browser, '/v1/projects/acme-cli');

const PROJECT = {
  ...{ act: 'project-save', status: 'open', visibility: 'summary', timezone: 'UTC' },
  ...{ coverage: '', ended: '', ended_runtimes: '', ended_systems: '' },
};

/** The ID of what the API lists, which a form needs. */
const makeToken = async ({ collector }: Browser): Promise<string> => {
  const { body } = await collector.post('/v1/tokens', { level: 'developer' }, withToken());
  return String(body['id']);
};
const makeNote = async ({ collector }: Browser): Promise<string> => {
  const note = { date: '2026-11-10', text: 'A talk' };
  const path = '/v1/projects/acme-cli/annotations';
  return String((await collector.post(path, note, withToken())).body['id']);
};

/** Forms that are done at once, or after their second step, with the action of the API. */
const ACTS: readonly (readonly [
  act: string,
  form: (browser: Browser) => Form | Promise<Form>,
  action: string,
])[] = [
  ['project-save', () => PROJECT, 'PUT /v1/projects/:project'],
  ['invented-remove', () => ({}), 'PUT /v1/projects/:project'],
  [
    'sessions-end',
    async (browser) => ({ id: await makeToken(browser) }),
    'DELETE /v1/tokens/:id/sessions',
  ],
  [
    'token-revoke',
    async (browser) => ({ id: await makeToken(browser), understood: 'true' }),
    'DELETE /v1/tokens/:id',
  ],
  [
    'note-add',
    () => ({ date: '2026-11-10', text: 'A talk' }),
    'POST /v1/projects/:project/annotations',
  ],
  [
    'note-change',
    async (browser) => ({ id: await makeNote(browser), date: '2026-11-11', text: 'Another' }),
    'PATCH /v1/projects/:project/annotations/:id',
  ],
  [
    'note-remove',
    async (browser) => ({ id: await makeNote(browser), understood: 'true' }),
    'DELETE /v1/projects/:project/annotations/:id',
  ],
  [
    'cleaning-take',
    () => ({ from: '2026-11-11', to: '2026-11-11', understood: 'true' }),
    'POST /v1/projects/:project/cleanings',
  ],
  ['retention-count', () => ({}), 'POST /v1/retention/runs'],
  ['retention-run', () => ({ understood: 'true' }), 'POST /v1/retention/runs'],
  ['write-key-remove', () => ({ understood: 'true' }), 'DELETE /v1/projects/:project/write-key'],
  [
    'manifest-set',
    () => ({ manifest: JSON.stringify(MANIFEST), understood: 'true' }),
    'PUT /v1/projects/:project/manifest',
  ],
  ['manifest-remove', () => ({ understood: 'true' }), 'DELETE /v1/projects/:project/manifest'],
];

const GRAVE = [
  ...['token-revoke', 'note-remove', 'cleaning-take', 'retention-run', 'write-key-remove'],
  ...['manifest-set', 'manifest-remove'],
];

describe('the forms of the settings', () => {
  it.each(ACTS)('%s is done by the API, and says so', async (act, formOf, action) => {
    const browser = await open();
    const html = await browser.act({ act, ...(await formOf(browser)) });
    expect(html).toMatch(/<p class="note" role="status">/);
    expect((await browser.audit())[0]).toBe(`${action} done`);
  });

  it('say so once, and only after the form: no link can', async () => {
    const browser = await open();
    const said = '<p class="note" role="status">';
    const { collector } = browser;
    const { cookie } = await signIn(collector);
    const linked = await collector.stranger(`${PATH}?done=token-revoke`, {
      ...{ ...OWN_PAGE, cookie, accept: 'text/html' },
    });
    expect(linked.status).toBe(200);
    expect(linked.text).not.toContain(said);
    const sent = await browser.send({ act: 'invented-remove' });
    const shown = await browser.follow(sent);
    expect(shown.text).toContain(said);
    expect(shown.headers['cache-control']).toBe('no-store');
    // The same again, as by loading the page anew.
    expect((await browser.follow(sent)).text).not.toContain(said);
  });

  it('are refused to everybody else', async () => {
    const browser = await open();
    const { collector } = browser;
    const made = await collector.post('/v1/tokens', { level: 'developer' }, withToken());
    for (const [act, formOf] of ACTS) {
      const form = { act, ...(await formOf(browser)) };
      const before = await browser.audit();
      const refused = [
        await browser.send({ ...form, form_key: '' }),
        await browser.send({ ...form, form_key: 'x' }),
        await browser.send(form, '', { 'sec-fetch-site': 'cross-site' }),
        await sendForm(collector, form, '', withToken(String(made.body['token']))),
        await sendForm(collector, form, '', {}),
        await sendForm(collector, form, '', withToken('no-token-of-this-collector')),
      ];
      const statuses = refused.map(({ status }) => status);
      expect([act, ...statuses]).toEqual([act, 403, 403, 403, 403, 401, 401]);
      for (const { text, headers } of refused) {
        expect(headers['content-type']).toMatch('text/html');
        expect(text).not.toContain('role="status"');
      }
      expect([act, ...(await browser.audit())]).toEqual([act, ...before]);
    }
  });

  it('want to be understood where they cannot be taken back lightly', async () => {
    const browser = await open();
    const grave = ACTS.filter(([act]) => GRAVE.includes(act));
    expect(grave).toHaveLength(GRAVE.length);
    for (const [act, formOf] of grave) {
      const form = { act, ...(await formOf(browser)) };
      const before = await browser.audit();
      const { status, text } = await browser.send({ ...form, understood: '' });
      expect([act, status]).toEqual([act, 422]);
      expect(text).toContain('Tick the box');
      // A cleaning is shown again, which is an entry of its own.
      const shown = act === 'cleaning-take' ? ['POST /v1/projects/:project/cleanings done'] : [];
      expect([act, ...(await browser.audit())]).toEqual([act, ...shown, ...before]);
    }
  });

  it('does not know other forms, nor other projects', async () => {
    const browser = await open();
    expect(await browser.send({ act: 'toString' })).toMatchObject({ status: 404 });
    expect(await browser.send({})).toMatchObject({ status: 404 });
    const { cookie, formKey } = await signIn(browser.collector);
    const answer = await browser.collector.post(
      '/p/nobody/settings',
      new URLSearchParams({ ...PROJECT, form_key: formKey }).toString(),
      { ...OWN_PAGE, cookie, 'content-type': 'application/x-www-form-urlencoded' },
    );
    expect(answer.status).toBe(404);
    expect(await ask(browser, '/v1/projects/nobody')).toMatchObject({ code: 'not_found' });
  });
});

describe('the settings of a project', () => {
  it('are set, and those left as they were go on following the options', async () => {
    const browser = await open();
    await browser.act({
      ...PROJECT,
      timezone: 'Europe/Berlin',
      badge: 'true',
      coverage: 'One install in four',
      ended: '<2',
      ended_runtimes: 'node: <18\r\nbun: <1\r\n',
    });
    expect(await projectOf(browser)).toMatchObject({
      ...{ timezone: 'Europe/Berlin', badge: true, coverage: 'One install in four' },
      ended: { version: '<2', runtime_version: { node: '<18', bun: '<1' } },
    });
    const entry = ((await ask(browser, '/v1/audit'))['entries'] as { details: object }[])[0];
    expect(Object.keys(entry?.details ?? {})).not.toContain('visibility');
  });

  it.each([
    ['timezone', 'Nowhere/City'],
    ['ended', 'not a range of versions'],
    ['ended_runtimes', 'node <18'],
    ['ended_systems', 'macos: newer'],
    ['coverage', 'Two\u2028lines'],
    ['status', 'ajar'],
  ])('say at %s what is wrong, keep what was typed, and change nothing', async (field, value) => {
    const browser = await open();
    const before = await projectOf(browser);
    const { status, text, headers } = await browser.send({
      ...PROJECT,
      coverage: 'Typed <b>',
      [field]: value,
    });
    expect(status).toBe(422);
    expect(headers['cache-control']).toBe('no-store');
    const id = `project-save-${field}`;
    expect(text).toMatch(new RegExp(`role="alert"[^>]*autofocus.*href="#${id}"`));
    expect(text).toMatch(new RegExp(`id="${id}"[^>]*aria-invalid="true"[^>]*${id}-error`));
    expect(text).toContain(`<span class="error" id="${id}-error">`);
    if (field !== 'coverage') expect(text).toContain('value="Typed &lt;b>"');
    expect(await projectOf(browser)).toEqual(before);
  });

  it('want a second step before reports are refused, or the public sees more', async () => {
    const browser = await open();
    for (const change of [{ status: 'closed' }, { visibility: 'detailed' }]) {
      const { status, text } = await browser.send({ ...PROJECT, ...change });
      expect(status).toBe(422);
      expect(text).toContain('name="understood"');
      expect(await projectOf(browser)).toMatchObject({ status: 'open', visibility: 'summary' });
    }
    await browser.act({ ...PROJECT, status: 'closed', understood: 'true' });
    expect(await projectOf(browser)).toMatchObject({ status: 'closed' });
    await browser.act({ ...PROJECT, visibility: 'none' });
    expect(await projectOf(browser)).toMatchObject({ visibility: 'none' });
  });
});

describe('tokens in the settings', () => {
  it('are shown once, after a redirect, and stand in no URL, cookie, cache or log', async () => {
    const browser = await open();
    const sent = await browser.send({ act: 'token-make', name: 'CI', level: 'restricted' });
    const ticket = String(sent.headers['set-cookie']);
    expect(ticket).toMatch(/; HttpOnly; SameSite=Strict$/);
    const made = await browser.follow(sent);
    expect(made).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    const token = secretIn(made);
    expect(ticket + String(sent.headers['location']) + sent.text).not.toContain(token);
    const asked = await browser.collector.stranger('/v1/session', withToken(token));
    expect(asked.body).toMatchObject({ level: 'restricted', name: 'CI' });
    const again = await browser.follow(sent);
    expect(again.status).toBe(200);
    expect(again.text).not.toContain(token);
    expect(JSON.stringify(await browser.page())).not.toContain(token);
    expect(browser.collector.log()).not.toContain(token);
    expect(JSON.stringify(await ask(browser, '/v1/audit'))).not.toContain(token);
  });

  it('get another secret, shown once', async () => {
    const browser = await open();
    const id = await makeToken(browser);
    const sent = await browser.send({ act: 'token-rotate', id, understood: 'true' });
    const token = secretIn(await browser.follow(sent));
    const asked = await browser.collector.stranger('/v1/session', withToken(token));
    expect(asked.body).toMatchObject({ level: 'developer' });
    expect((await browser.audit())[0]).toBe('POST /v1/tokens/:id/rotate done');
  });

  it('show the new secret also to whoever has replaced their own', async () => {
    const browser = await open();
    const { collector } = browser;
    const made = await collector.post('/v1/tokens', { level: 'administrator' }, withToken());
    const { cookie, formKey } = await signIn(collector, String(made.body['token']));
    const sent = await sendForm(
      collector,
      { act: 'token-rotate', id: String(made.body['id']), understood: 'true', form_key: formKey },
      '',
      { ...OWN_PAGE, cookie },
    );
    expect(sent.status).toBe(303);
    const once = String(sent.headers['set-cookie']).split(';')[0] ?? '';
    const answer = await collector.stranger(String(sent.headers['location']).replace(/#.*/, ''), {
      ...{ ...OWN_PAGE, accept: 'text/html', cookie: `${cookie}; ${once}` },
    });
    expect(answer.status).toBe(200);
    const asked = await collector.stranger('/v1/session', withToken(secretIn(answer)));
    expect(asked.body).toMatchObject({ level: 'administrator' });
    expect((await browser.follow(sent)).text).not.toContain('secret-text');
  });

  it.each([
    ['expires', { expires: '2020-01-01' }],
    ['project', { level: 'administrator', project: 'acme-cli' }],
    ['name', { name: 'n'.repeat(101) }],
  ])('say at %s what is wrong, and make none', async (field, wrong) => {
    const browser = await open();
    const form = { act: 'token-make', level: 'restricted', ...wrong };
    const { status, text } = await browser.send(form);
    expect(status).toBe(422);
    expect(text).toContain(`<span class="error" id="token-make-${field}-error">`);
    expect(text).not.toContain('secret-text');
    expect((await ask(browser, '/v1/tokens'))['tokens']).toHaveLength(0);
  });

  it('show their sessions, of which one or all are ended', async () => {
    const browser = await open();
    const { body } = await browser.collector.post(
      '/v1/tokens',
      { level: 'developer', name: 'Kim' },
      withToken(),
    );
    const id = String(body['id']);
    await signIn(browser.collector, String(body['token']));
    await signIn(browser.collector, String(body['token']));
    const sessions = async () => {
      const { parts } = await browser.page(`?token=${id}`);
      return (parts as { token: { sessions: { id: string }[] } }).token.sessions;
    };
    const [first] = await sessions();
    await browser.act({ act: 'session-end', id, session: first?.id ?? '' }, `?token=${id}`);
    expect(await sessions()).toHaveLength(1);
    await browser.act({ act: 'sessions-end', id }, `?token=${id}`);
    expect(await sessions()).toEqual([]);
  });
});

describe('other settings', () => {
  it('shows a write key once', async () => {
    const browser = await open();
    const form = { act: 'write-key-make', understood: 'true' };
    const shown = await browser.follow(await browser.send(form));
    expect([shown.status, shown.headers['cache-control']]).toEqual([200, 'no-store']);
    const key = secretIn(shown);
    expect(await projectOf(browser)).toMatchObject({ has_write_key: true });
    expect(JSON.stringify(await browser.page())).not.toContain(key);
    expect((await browser.audit())[0]).toBe('POST /v1/projects/:project/write-key done');
  });

  it.each([
    ['no JSON', '{"project":', 'This is not JSON'],
    ['no manifest', '{"project":"acme-cli"}', 'required'],
    ['that of another project', JSON.stringify({ ...MANIFEST, project: 'other' }), '/project'],
  ])('says of a manifest that is %s what is wrong', async (_what, manifest, says) => {
    const browser = await open();
    const { status, text } = await browser.send({
      ...{ act: 'manifest-set', understood: 'true', manifest },
    });
    expect(status).toBe(422);
    const error = /id="manifest-set-manifest-error">([^<]*)</.exec(text)?.[1];
    expect(error).toContain(says);
    expect(await projectOf(browser)).toMatchObject({ has_manifest: false });
  });

  it('shows what a cleaning would take out, takes it out, and gives it back', async () => {
    const browser = await open();
    const people = async () =>
      (await ask(browser, '/v1/stats/summary?project=acme-cli'))['total_users'];
    const chosen = { from: '2026-11-11', to: '2026-11-11' };
    const preview = await browser.send({ act: 'cleaning-preview', ...chosen });
    expect(preview.status).toBe(200);
    expect(preview.text).toMatch(/id="preview".*<dt>People<\/dt><dd>2<\/dd>/);
    expect(preview.text).toMatch(/name="act" value="cleaning-take".*name="understood"/);
    expect(await people()).toBe(3);
    const unsure = await browser.send({ act: 'cleaning-take', ...chosen });
    expect(unsure.status).toBe(422);
    expect(unsure.text).toMatch(/id="preview".*cleaning-take-understood-error/);
    expect(await people()).toBe(3);
    const html = await browser.act({ act: 'cleaning-take', ...chosen, understood: 'true' });
    expect(await people()).toBe(1);
    expect(html).toContain('name="act" value="cleaning-undo"');
    const [cleaning] = (await ask(browser, '/v1/cleanings'))['cleanings'] as { id: string }[];
    await browser.act({ act: 'cleaning-undo', id: cleaning?.id ?? '' });
    expect(await people()).toBe(3);
  });

  it.each([
    ['from', {}],
    ['to', { from: '2026-11-11' }],
    ['from', { from: '2026-11-12', to: '2026-11-11' }],
    ['dimension', { dimension: 'shoe_size', value: '43' }],
    [
      'new',
      { dimension: 'event', value: 'ran', new: 'true', from: '2026-11-11', to: '2026-11-11' },
    ],
  ])('says at %s what no cleaning can be', async (field, form) => {
    const browser = await open();
    const { status, text } = await browser.send({ act: 'cleaning-preview', ...form });
    expect(status).toBe(422);
    expect(text).toContain(`id="cleaning-preview-${field}-error"`);
  });

  it('says at a note what is wrong, and what was typed stays', async () => {
    const browser = await open();
    const note = { act: 'note-add', date: '2026-11-10', text: '"><script>alert(1)</script>' };
    const { status, text } = await browser.send({ ...note, to: '2026-11-09' });
    expect(status).toBe(422);
    expect(text).toContain('id="note-add-to-error"');
    expect(text).toContain('value="&quot;>&lt;script>alert(1)&lt;/script>"');
    expect(text).not.toContain('<script>alert');
    const html = await browser.act(note);
    expect(html).toContain('&lt;script>alert(1)&lt;/script>');
    expect(html).not.toContain('<script>alert');
  });

  it('makes a note of several days one of a single day when its end is emptied', async () => {
    const browser = await open();
    const note = { date: '2026-11-10', to: '2026-11-12', text: 'A fair' };
    const path = '/v1/projects/acme-cli/annotations';
    const { body } = await browser.collector.post(path, note, withToken());
    const id = String(body['id']);
    await browser.act({ act: 'note-change', ...note, id, to: '' }, `?note=${id}`);
    const { annotations } = await ask(browser, path);
    expect(annotations).toMatchObject([{ date: '2026-11-10', to: '2026-11-10' }]);
  });

  it('shows the last actions, and those before', async () => {
    const browser = await open();
    for (let i = 0; i < 22; i++) await makeNote(browser);
    const { parts } = await browser.page();
    const { audit } = parts as { audit: { entries: unknown[]; next: string } };
    expect(audit.entries).toHaveLength(20);
    const older = (await browser.page(`?before=${audit.next}`))['parts'];
    expect(older).toMatchObject({ audit: { next: null, isFirst: false } });
    expect((older as { audit: typeof audit }).audit.entries.length).toBeGreaterThanOrEqual(2);
  });

  it('speaks Chinese', async () => {
    const browser = await open();
    const { text } = await browser.send({ ...PROJECT, timezone: 'Nowhere' }, '?lang=zh');
    expect(text).toContain('请填写 IANA 时区名称');
  });
});
