import { describe, expect, it } from 'vitest';
import { type ConsentInput, decideConsent } from '../../src/consent/decide.js';

const decide = (input: Partial<ConsentInput> = {}) =>
  decideConsent({ env: {}, project: '@acme/cli', disabled: false, inTests: false, ...input });

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

  it('is off inside the child that sends', () => {
    expect(decide({ env: { HEADCOUNT_CHILD: '1' }, inTests: true }).rule).toBe('child');
  });
});
