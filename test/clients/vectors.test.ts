import { createHash, createHmac } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answered,
  type HttpRecorder,
  type RecordedRequest,
  startHttpRecorder,
} from '../support/http-recorder.js';
import { type Vector, vectorsFor } from '../support/vectors.js';
import { dayOf, type Home, makeHome, markerOf } from './home.js';
import { type Client, clients, runProgram } from './run-client.js';

type Env = Record<string, string>;
type Texts = Record<string, string>;

/** How one run is set up, by default as nothing special. */
interface Setup {
  readonly project?: string;
  readonly version?: string;
  readonly channel?: string | null;
  readonly env?: Env;
  /** The endpoint's path, or a whole endpoint. */
  readonly path?: string;
  readonly endpoint?: string;
  readonly state?: Texts;
  readonly chosenForAll?: string | undefined;
  readonly answer?: Answered;
}

/** What a run has left. */
interface Left {
  readonly requests: readonly RecordedRequest[];
  readonly home: Home;
}

let recorder: HttpRecorder;
const answers = new Map<string, Answered>();
let runs = 0;

beforeAll(async () => {
  recorder = await startHttpRecorder(
    ({ url }) =>
      answers.get(prefixOf(url)) ?? {
        status: 202,
        body: '{"accepted":1,"rejected":[]}',
        headers: { 'content-type': 'application/json' },
      },
  );
});
afterAll(() => recorder.close());

const prefixOf = (url: string): string => url.split(/[/?]/, 2)[1] ?? '';

/** Runs a client once in a home of its own, and says what is wrong with what it did. */
async function run(
  client: Client,
  setup: Setup,
  check: (left: Left) => void,
): Promise<string | undefined> {
  const { project = 'acme-cli', version = '2.3.1', env = {}, channel, state = {} } = setup;
  const prefix = `run-${(runs += 1)}`;
  if (setup.answer) answers.set(prefix, setup.answer);
  const home = makeHome(project);
  try {
    for (const [name, text] of Object.entries(state)) home.write(name, text);
    if (setup.chosenForAll !== undefined) home.chooseForAll(setup.chosenForAll);
    const base = `${recorder.address}/${prefix}`;
    const endpoint = setup.endpoint ?? base + (setup.path || '/v1/reports');
    const args = [project, version, endpoint, ...(channel ? [channel] : [])];
    const ended = await runProgram([...client.command, ...args], { HOME: home.path, ...env });
    const requests = recorder.requests.filter(({ url }) => prefixOf(url) === prefix);
    expect({ code: ended.code, output: ended.output }).toEqual({ code: 0, output: '' });
    check({ requests, home });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    home.remove();
  }
}

const AT_ONCE = 6;

/** Runs a client through vectors, some at a time. All that fail are told, not only the first. */
async function runAll<V extends Vector<unknown, unknown, unknown>>(
  vectors: readonly V[],
  runOne: (vector: V) => Promise<string | undefined>,
): Promise<void> {
  expect(vectors.length).toBeGreaterThan(0);
  const waiting = [...vectors];
  const failed: string[] = [];
  const work = async (): Promise<void> => {
    for (let vector = waiting.shift(); vector; vector = waiting.shift()) {
      const problem = await runOne(vector);
      if (problem !== undefined) failed.push(`${vector.name}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(failed).toEqual([]);
}

const reportIn = (text = ''): Record<string, unknown> => {
  const json = JSON.parse(text) as { reports?: unknown[] };
  // The cast: a report is an object, and each test compares what it needs.
  return (json.reports?.[0] ?? json) as Record<string, unknown>;
};
const infoOf = (report: Record<string, unknown>) => report['info'] as Record<string, unknown>;

describe.each(clients())('$name', (client) => {
  it('asks for consent as the protocol says', async () => {
    interface Input {
      project: string;
      env: Env;
    }
    type State = { choice: string; choice_for_all: string };
    type Expected = { decision: string; level?: string };
    await runAll(vectorsFor<Input, State, Expected>('small', 'consent'), (vector) => {
      const { choice, choice_for_all: chosenForAll } = vector.state;
      const state = choice === undefined ? {} : { choice };
      return run(client, { ...vector.input, state, chosenForAll }, ({ requests, home }) => {
        const { decision, level = 'full' } = vector.expect;
        expect(requests.length).toBe(decision === 'on' ? 1 : 0);
        if (decision === 'on') expect(infoOf(reportIn(requests[0]?.body))['level']).toBe(level);
        else expect(home.isTouched()).toBe(false);
      });
    });
  });

  it('names variables and folders as the protocol says', async () => {
    type Expected = { variable: string; folder: string };
    await runAll(vectorsFor<{ project: string }, never, Expected>('small', 'names'), (vector) => {
      const { project } = vector.input;
      const { variable, folder } = vector.expect;
      const checkFolder = ({ requests, home }: Left) => {
        expect(requests.length).toBe(1);
        expect(home.file('anonymous-id')).toBe(
          `${home.path}/.config/headcount/${folder}/anonymous-id`,
        );
        expect(home.read('anonymous-id')).toMatch(/^[0-9a-f]{16} /);
      };
      const checkOff = ({ home }: Left) => expect(home.isTouched()).toBe(false);
      return run(client, { project }, checkFolder).then(
        (problem) => problem ?? run(client, { project, env: { [variable]: '1' } }, checkOff),
      );
    });
  });

  it('makes, keeps and takes IDs as the protocol says', async () => {
    interface Input {
      project: string;
      env: Env;
    }
    type State = { 'anonymous-id': string };
    type Expected = { anonymous_id: string; id_source: string; ci?: string | null };
    await runAll(vectorsFor<Input, State, Expected>('small', 'id'), (vector) => {
      const stored = vector.state['anonymous-id'];
      const state = stored === undefined ? {} : { 'anonymous-id': stored };
      return run(client, { ...vector.input, state }, ({ requests, home }) => {
        const report = reportIn(requests[0]?.body);
        const { anonymous_id, id_source, ci = infoOf(report)['ci'] } = vector.expect;
        const isNew = anonymous_id === 'new';
        expect(report['anonymous_id']).toEqual(
          isNew ? expect.stringMatching(/^[0-9a-f]{16}$/) : anonymous_id,
        );
        expect(infoOf(report)).toMatchObject({ id_source, ci });
        if (isNew) expect(home.read('anonymous-id')).toBe(`${String(report['anonymous_id'])} time`);
      });
    });
  });

  it('owns IDs as the protocol says', async () => {
    interface Input {
      project: string;
      endpoint: string;
    }
    type State = { 'owner-secret': string };
    await runAll(vectorsFor<Input, State, { owner: string }>('small', 'ownership'), (vector) => {
      const { project, endpoint } = vector.input;
      const state = { 'owner-secret': vector.state['owner-secret'] ?? '' };
      // Nothing is reached; the report stays in the marker.
      return run(client, { project, endpoint, state, env: NOWHERE }, ({ home }) => {
        expect(reportIn(home.read(markerOf()))['owner']).toBe(vector.expect.owner);
        expect(home.read('owner-secret')).toBe(vector.state['owner-secret']);
      });
    });
  });

  it('takes and refuses endpoints as the protocol says', async () => {
    type Expected = { refused?: true };
    const vectors = vectorsFor<{ endpoint: string }, never, Expected>('small', 'endpoint');
    await runAll(vectors, (vector) =>
      run(client, { ...vector.input, env: NOWHERE }, ({ home }) =>
        expect(home.read(markerOf()) === undefined).toBe(vector.expect.refused === true),
      ),
    );
  });

  it('says for the `headcount` command where it reports to, as the protocol says', async () => {
    interface Input {
      project: string;
      version: string;
      env: Env;
    }
    await runAll(vectorsFor<Input, Texts, string>('small', 'app-record'), (vector) => {
      const filled = filler(vector.input.project, vector.state['owner-secret']);
      const state = filledState(vector.state, filled);
      return run(client, { ...vector.input, state }, ({ requests, home }) => {
        expect(requests.length).toBe(1);
        const path = /^\/run-\d+/.exec(requests[0]?.url ?? '')?.[0] ?? '';
        const endpoint = `${recorder.address}${path}/v1/reports`;
        expect(home.read('app.json')).toBe(vector.expect.replace('<endpoint>', endpoint));
        expect(statSync(home.file('app.json')).mode & 0o777).toBe(0o600);
      });
    });
  });

  it('says where it reports to before it does, as the protocol says', async () => {
    interface Input {
      project: string;
      version: string;
      endpoint: string;
      env: Env;
    }
    await runAll(vectorsFor<Input, Texts, Texts>('small', 'collectors'), (vector) => {
      const { input, expect: expected } = vector;
      // The cast: no vector has a file without a text.
      const state = vector.state as Texts;
      return run(client, { ...input, state, env: NOWHERE }, ({ home }) => {
        const kept = readdirSync(dirname(home.file('app.json')))
          .filter((name) => /^collector\./.test(name) || Object.hasOwn(expected, name))
          .map((name) => [name, home.read(name)]);
        expect(Object.fromEntries(kept)).toEqual(expected);
        for (const [name] of kept) {
          expect(statSync(home.file(name ?? '')).mode & 0o777).toBe(0o600);
        }
      });
    });
  });

  it('reports once a day as the protocol says', async () => {
    interface Input {
      project: string;
      version: string;
      env: Env;
    }
    await runAll(vectorsFor<Input, Texts, string>('small', 'day-marker'), (vector) => {
      const filled = filler(vector.input.project, vector.state['owner-secret']);
      const state = filledState(vector.state, filled);
      return run(client, { ...vector.input, state }, ({ requests, home }) => {
        expect(requests.length).toBe(vector.expect === 'nothing' ? 0 : 1);
        if (requests.length === 0) return;
        const kept = filled(vector.state['day.<today>'] ?? '');
        const isAgain = kept !== '' && (requests[0]?.body ?? '').includes(kept);
        expect(isAgain).toBe(vector.expect === 'again');
        expect(home.read(markerOf())).toBe('');
        expect(home.read(markerOf(-1)), 'the marker of yesterday').toBe(undefined);
        const left = readdirSync(dirname(home.file(markerOf())));
        expect(left.filter((name) => name.startsWith('claim.'))).toEqual([]);
      });
    });
  });

  it('sends the bytes that the protocol says', async () => {
    interface Input {
      project: string;
      version: string;
      channel: string | null;
      path: string;
      env: Env;
    }
    type Expected = { path: string; body: string };
    await runAll(vectorsFor<Input, Texts, Expected>('small', 'report'), (vector) =>
      // The cast: no vector has a file without a text.
      run(client, { ...vector.input, state: vector.state as Texts }, ({ requests }) => {
        const [request] = requests;
        expect(request?.url).toMatch(/^\/run-\d+\//);
        expect(request?.url.replace(/^\/run-\d+/, '')).toBe(vector.expect.path);
        expect(request?.headers['content-type']).toBe('application/json');
        expect(request?.headers['user-agent']).toMatch(/^headcount-(sh|python|go|rust)\/1$/);
        expect(general(request?.body ?? '', vector.expect.body)).toBe(vector.expect.body);
      }),
    );
  });

  it('takes answers as the protocol says', async () => {
    interface Input {
      form: 'batch' | 'single';
      response: { status: number; headers: Env; body: string };
    }
    type Expected = { meaning: string; retry_after_seconds?: number };
    await runAll(vectorsFor<Input, never, Expected>('small', 'answer'), (vector) => {
      const { form, response: answer } = vector.input;
      const path = form === 'single' ? '/statistics' : '/v1/reports';
      return run(client, { path, answer }, ({ requests, home }) => {
        expect(requests.length).toBe(1);
        const { meaning, retry_after_seconds: asked = 0 } = vector.expect;
        const isKept = home.read(markerOf()) !== '';
        const isRetired = home.read('retired') === '2.3.1';
        const did = isRetired ? 'retired' : isKept ? 'failure' : 'done';
        expect(did).toBe(/acknowledged|refused/.test(meaning) ? 'done' : meaning);
        const waitS = Number(home.read('wait')) - Date.now() / 1000;
        const expectedS = meaning === 'failure' ? Math.max(600, asked) : 600;
        expect(Math.abs(waitS - expectedS)).toBeLessThan(60);
      });
    });
  });
});

/** A proxy that refuses every connection: no name is looked up, and nothing is waited for. */
const NOWHERE = { https_proxy: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' };

/** Fills in what a vector of the state cannot know: the owner at this collector, and moments. */
function filler(project: string, secret = ''): (text: string) => string {
  const proof = createHmac('sha256', Buffer.from(secret, 'hex'))
    .update(`${recorder.address}\n${project}`)
    .digest('hex');
  const owner = createHash('sha256').update(proof).digest('hex').slice(0, 32);
  return (text) => withMoments(text).replaceAll('<owner>', owner);
}

const filledState = (state: Partial<Texts>, filled: (text: string) => string): Texts =>
  Object.fromEntries(
    Object.entries(state).map(([name, text = '']) => [filled(name), filled(text)]),
  );

/** Puts days and seconds into a text. */
const withMoments = (text: string): string =>
  text
    .replaceAll('<today>', dayOf())
    .replaceAll('<yesterday>', dayOf(-1))
    .replaceAll('<tomorrow>', dayOf(1))
    .replaceAll(/<slot([+-]\d+)?>/g, (_, slots = '0') =>
      String(Math.floor(Date.now() / 600_000) + Number(slots)),
    )
    .replaceAll(/<now([+-]\d+)>/g, (_, seconds: string) =>
      String(Math.floor(Date.now() / 1000) + Number(seconds)),
    );

const MOMENT = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{3})?Z';
const GENERAL: Record<string, string> = {
  report_id: '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}',
  anonymous_id: '[0-9a-f]{16}',
  owner: '[0-9a-f]{32}',
  timestamp: MOMENT,
  sent_at: MOMENT,
  os: 'Linux',
  arch: 'x64|arm64',
  runtime: 'sh|python|go|rust',
};

/** A body with the words of a template in the place of what differs in each run. */
function general(body: string, template: string): string {
  let result = body;
  for (const [, name = ''] of template.matchAll(/<(\w+)>/g)) {
    const found = new RegExp(`"${name}":"(?:${GENERAL[name]})"`);
    result = result.replace(found, `"${name}":"<${name}>"`);
  }
  return result;
}
