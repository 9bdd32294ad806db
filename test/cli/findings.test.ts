import { describe, expect, it } from 'vitest';
import { NOT_STARTED, type Status } from '../../src/api.js';
import type { DiagnoseResult } from '../../src/delivery/answers.js';
import { type Finding, findings, statusFindings } from '../../src/cli/findings.js';
import { verdictOf } from '../../src/cli/verdict.js';
import type { Consent } from '../../src/consent/decide.js';

type Done = Extract<DiagnoseResult, { ok: true }>;

const ENDPOINT = 'https://stats.acme.dev/v1/reports';
const ON: Status = {
  ...NOT_STARTED,
  mode: 'on',
  consent: { mode: 'on', rule: 'default' },
  notice: 'shown',
  project: 'acme-cli',
  endpoint: ENDPOINT,
  warnings: [],
};
const WELL: Done = {
  ok: true,
  idSource: 'machine',
  folders: [{ folder: '/home/ada/.config', isWritable: true }],
  waitingSegments: 0,
  failures: 0,
  lastSuccess: '2026-11-22T20:58:00.123Z',
  isRetired: false,
  endpointSource: 'program',
  isImplicit: false,
  plan: { threadAfterMs: 1_000, hasExitProcess: true },
  collector: { reached: true, status: 200, clockSkewMs: 400 },
};
const look = (status: Partial<Status>, diagnosis: Partial<Done> = {}): Finding[] => {
  const whole = { ...ON, ...status };
  const surroundings = { variable: () => '1', isOthers: () => false };
  return [
    ...statusFindings({ status: whole, name: 'acme telemetry', surroundings }, 'the program'),
    ...findings(whole, { ...WELL, ...diagnosis }),
  ];
};
const off = (rule: Consent['rule'], source: string): Partial<Status> => ({
  mode: 'off',
  reason: rule,
  consent: { mode: 'off', rule, source },
});

describe('findings()', () => {
  it('goes through the whole chain, in the order of a report', () => {
    const proxy = { variable: 'HTTPS_PROXY', address: 'http://proxy.acme.dev:3128' };
    const found = look({}, { proxy, leaseHolder: 4242 });
    expect(found.map(({ part }) => part)).toEqual([
      'consent',
      'endpoint',
      'id',
      'folder',
      'outbox',
      'exit',
      'lease',
      'delivery',
      'proxy',
      'collector',
      'clock',
    ]);
    expect(found.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(found.map(({ text }) => text).join('\n')).toMatch(
      /4242 is sending[^]*last success 2026[^]*proxy.acme.dev:3128[^]*\(200\)[^]*within 0 s/,
    );
  });

  it.each<[string, Partial<Status>, Partial<Done>, Partial<Finding>]>([
    [
      'a variable',
      off('environment', 'DO_NOT_TRACK'),
      {},
      { part: 'consent', state: 'note', advice: expect.stringContaining('DO_NOT_TRACK') as string },
    ],
    [
      'the user’s no',
      off('choice', '/choice'),
      {},
      { part: 'consent', state: 'note', advice: 'Turn it on:  acme telemetry on' },
    ],
    [
      'a choice that cannot be read',
      off('unreadable-choice', '/choice'),
      {},
      { part: 'consent', advice: expect.stringContaining('acme telemetry off') as string },
    ],
    [
      'a program that asks first',
      off('mode', 'opt-in'),
      {},
      { part: 'consent', advice: 'Turn it on:  acme telemetry on' },
    ],
    [
      'a notice that was not shown',
      { notice: 'due', warnings: [{ reason: 'notice-not-shown', text: '' }] },
      {},
      { part: 'notice', state: 'note', advice: expect.stringContaining('telemetry on') as string },
    ],
    [
      'a folder that cannot be written',
      {},
      { folders: [{ folder: '/x', isWritable: false, error: 'EROFS' }] },
      {
        part: 'folder',
        state: 'problem',
        text: '/x cannot be written (EROFS)',
        advice: expect.stringContaining('right to write') as string,
      },
    ],
    [
      'what waits',
      {},
      { waitingSegments: 2 },
      { part: 'outbox', advice: expect.stringContaining('next run') as string },
    ],
    [
      'failures in a row, until a time',
      { error: 'ECONNREFUSED' },
      { failures: 3, nextAttempt: '2026-11-22T21:00:00.000Z' },
      {
        part: 'delivery',
        state: 'problem',
        text: expect.stringMatching(/^3 attempts .*\(ECONNREFUSED\)/) as string,
        advice: 'The next attempt is not before 2026-11-22T21:00:00.000Z.',
      },
    ],
    [
      'a version nobody wants',
      {},
      { isRetired: true },
      { part: 'delivery', state: 'note', advice: 'Update the program.' },
    ],
    [
      'a proxy that is none',
      {},
      { proxy: { variable: 'HTTPS_PROXY', isUnsupported: true } },
      {
        part: 'proxy',
        state: 'problem',
        advice: expect.stringContaining('http://proxy') as string,
      },
    ],
    [
      'a collector that is ill',
      {},
      { collector: { reached: true, status: 503 } },
      { part: 'collector', state: 'problem', advice: expect.stringContaining('Tell') as string },
    ],
    [
      'a clock that is ahead',
      {},
      { collector: { reached: true, status: 200, clockSkewMs: 600_000 } },
      {
        part: 'clock',
        state: 'note',
        text: 'this machine’s clock is 600 s ahead of the collector’s',
        advice: expect.stringContaining('Set the clock') as string,
      },
    ],
    [
      'a clock that is behind',
      {},
      { collector: { reached: true, status: 200, clockSkewMs: -301_000 } },
      { part: 'clock', text: 'this machine’s clock is 301 s behind the collector’s' },
    ],
  ])('tells what to do about %s', (_case, status, diagnosis, expected) => {
    expect(look(status, diagnosis)).toContainEqual(expect.objectContaining(expected));
  });

  it.each<[string, Partial<Done>, RegExp]>([
    ['ENOTFOUND', {}, /DNS/],
    ['ECONNREFUSED', {}, /Nothing listens/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', {}, /NODE_EXTRA_CA_CERTS/],
    ['UND_ERR_CONNECT_TIMEOUT', {}, /HTTPS_PROXY/],
    ['ECONNREFUSED', { isImplicit: true }, /headcount-collector.*HEADCOUNT_ENDPOINT/],
    [
      'ECONNRESET',
      { proxy: { variable: 'https_proxy', address: 'http://p:1' } },
      /http:\/\/p:1.*NO_PROXY/,
    ],
  ])('tells what to do about a collector that is not reached: %s, %j', (error, more, advice) => {
    const found = look({}, { ...more, collector: { reached: false, error } });
    expect(found.at(-1)).toMatchObject({
      part: 'collector',
      state: 'problem',
      text: `${ENDPOINT} was not reached (${error})`,
      advice: expect.stringMatching(advice) as string,
    });
  });

  it('says how the exit sends where no process can be started, or that it does not', () => {
    const plan = { threadAfterMs: 1_000, hasExitProcess: false, obstacle: 'runtime' } as const;
    const told = (more: object): [Finding | undefined, string] => {
      const diagnosis = { ...WELL, plan: { ...plan, ...more } };
      const verdict = verdictOf({
        ...{ status: ON, diagnosis, isUnknown: false, name: 'acme telemetry' },
        surroundings: { variable: () => '1', isOthers: () => false },
      });
      return [findings(ON, diagnosis).find(({ part }) => part === 'exit'), verdict.text];
    };
    expect(told({})).toEqual([
      expect.objectContaining({ state: 'note' }),
      expect.stringContaining('by the next run that lasts long enough'),
    ]);
    expect(told({ exitBudgetMs: 500 })).toEqual([
      { part: 'exit', state: 'ok', text: expect.stringContaining('up to 500 ms') as string },
      expect.stringMatching(/or when the program ends, which waits up to 500 ms for it\.$/),
    ]);
    expect(told({ hasExitProcess: true, obstacle: undefined, mayEndEarly: true })).toEqual([
      expect.objectContaining({ state: 'note' }),
      expect.stringContaining('unless its container ends too'),
    ]);
    const exitProcessNotBefore = '2026-11-22T21:08:00.000Z';
    expect(told({ exitBudgetMs: 500, exitProcessNotBefore })[1]).toContain(exitProcessNotBefore);
  });

  it('says nothing of a clock that was not told', () => {
    const found = look({}, { collector: { reached: true, status: 200 } });
    expect(found.map(({ part }) => part)).not.toContain('clock');
  });
});
