import { describe, expect, it } from 'vitest';
import { type Choice, type ConsentInput, decideConsent } from '../../src/consent/decide.js';

const NOTHING_SAID: ConsentInput = {
  env: {},
  project: '@acme/cli',
  disabled: false,
  inTests: false,
  mode: 'on',
  choice: () => undefined,
};
const decide = (input: Partial<ConsentInput> = {}) => decideConsent({ ...NOTHING_SAID, ...input });
const chosen = (telemetry: Choice['telemetry']) => (): Choice => ({ telemetry, source: '/choice' });

describe('decideConsent', () => {
  it('is on when nothing says no', () => {
    expect(decide()).toEqual({ mode: 'on', rule: 'default' });
  });

  it.each(['DO_NOT_TRACK', 'HEADCOUNT_DISABLED', 'ACME_CLI_TELEMETRY_DISABLED'])(
    'is off with %s, and tells which variable it was',
    (source) => {
      expect(decide({ env: { [source]: '1' } })).toEqual({
        mode: 'off',
        rule: 'environment',
        source,
      });
    },
  );

  it.each(['0', 'false', 'off', 'no', '', 'FALSE', ' Off '])(
    'takes a variable that is "%s" as not set',
    (value) => {
      expect(decide({ env: { DO_NOT_TRACK: value, HEADCOUNT_DISABLED: value } }).mode).toBe('on');
    },
  );

  it.each(['1', 'true', 'yes', 'on', 'anything'])('takes "%s" as set', (value) => {
    expect(decide({ env: { DO_NOT_TRACK: value } }).mode).toBe('off');
  });

  it('names the first of several variables', () => {
    const env = { ACME_CLI_TELEMETRY_DISABLED: '1', HEADCOUNT_DISABLED: '1', DO_NOT_TRACK: '1' };
    expect(decide({ env }).source).toBe('DO_NOT_TRACK');
    expect(decide({ env: { ...env, DO_NOT_TRACK: '0' } }).source).toBe('HEADCOUNT_DISABLED');
  });

  it('lets the variables come before the code', () => {
    expect(decide({ env: { DO_NOT_TRACK: '1' }, disabled: true }).rule).toBe('environment');
  });

  it('is off with `disabled: true`, before it looks for a test runner', () => {
    expect(decide({ disabled: true, env: { VITEST: 'true' } })).toEqual({
      mode: 'off',
      rule: 'code',
      source: 'disabled',
    });
  });

  it.each([
    ['NODE_ENV', 'test'],
    ['VITEST', 'true'],
    ['JEST_WORKER_ID', '1'],
    ['MOCHA_WORKER_ID', '0'],
    ['NODE_TEST_CONTEXT', 'child-v8'],
  ])('is off under a test runner (%s=%s)', (source, value) => {
    expect(decide({ env: { [source]: value } })).toEqual({
      mode: 'off',
      rule: 'test-runner',
      source,
    });
    expect(decide({ env: { [source]: value }, inTests: true }).mode).toBe('on');
  });

  it.each(['on', 'local', 'off', 'opt-in'] as const)(
    'lets the user’s choice come before mode "%s" in the code',
    (mode) => {
      expect(decide({ mode, choice: chosen('on') })).toEqual({
        mode: 'on',
        rule: 'choice',
        source: '/choice',
      });
      expect(decide({ mode, choice: chosen('off') })).toEqual({
        mode: 'off',
        rule: 'choice',
        source: '/choice',
      });
    },
  );

  it('is off where a choice is kept that cannot be read', () => {
    expect(decide({ choice: chosen('unreadable') })).toEqual({
      mode: 'off',
      rule: 'unreadable-choice',
      source: '/choice',
    });
  });

  it.each([
    ['local', 'local'],
    ['off', 'off'],
    ['opt-in', 'off'],
  ] as const)('is, without a choice, with mode "%s" %s', (mode, decided) => {
    expect(decide({ mode })).toEqual({ mode: decided, rule: 'mode', source: mode });
  });

  /** What each rule of the list takes to match, in the order of the list. */
  const RULES: readonly (readonly [rule: string, input: Partial<ConsentInput>])[] = [
    ['child', { env: { HEADCOUNT_CHILD: '1' } }],
    ['DO_NOT_TRACK', { env: { DO_NOT_TRACK: '1' } }],
    ['HEADCOUNT_DISABLED', { env: { HEADCOUNT_DISABLED: '1' } }],
    ['ACME_CLI_TELEMETRY_DISABLED', { env: { ACME_CLI_TELEMETRY_DISABLED: '1' } }],
    ['disabled', { disabled: true }],
    ['VITEST', { env: { VITEST: 'true' } }],
    ['/choice', { choice: chosen('on') }],
    ['local', { mode: 'local' }],
    ['default', {}],
  ];
  const neighbours = RULES.slice(1).map((lower, at) => [RULES[at] ?? lower, lower] as const);
  it.each(neighbours)('lets $0.0 come before $1.0', ([first, upper], [second, lower]) => {
    const both = { ...upper, ...lower, env: { ...upper.env, ...lower.env } };
    const by = (input: Partial<ConsentInput>): string => {
      const { rule, source = rule } = decide(input);
      return source;
    };
    expect(by(lower)).toBe(second);
    expect(by(both)).toBe(first);
  });

  it('asks for the choice only where nothing before it has decided', () => {
    let asked = 0;
    const choice = () => {
      asked += 1;
      return undefined;
    };
    for (const [, input] of RULES.slice(0, 6)) decide({ ...input, choice });
    expect(asked).toBe(0);
  });

  it('is off inside the child that sends', () => {
    expect(decide({ env: { HEADCOUNT_CHILD: '1' }, inTests: true }).rule).toBe('child');
  });
});
