import { describe, expect, it } from 'vitest';
import type { WarningReason } from '../../src/api.js';
import { OBSTACLES } from '../../src/delivery/obstacles.js';
import { explain, type Reason, REASONS } from '../../src/cli/reasons.js';
import type { Surroundings } from '../../src/cli/surroundings.js';
import { WARNING_ADVICE } from '../../src/cli/warnings.js';
import type { NoChildReason } from '../../src/platform/platform.js';

// Not complete, or with one too many, these do not compile.
const ALL_REASONS: Readonly<Record<Reason, true>> = {
  default: true,
  choice: true,
  'unreadable-choice': true,
  mode: true,
  environment: true,
  'test-runner': true,
  child: true,
  code: true,
  'no-project': true,
  'endpoint-not-a-url': true,
  'endpoint-not-http': true,
  'endpoint-credentials': true,
  'endpoint-insecure': true,
  retired: true,
  'unreadable-environment': true,
  'files-missing': true,
  'broken-process': true,
  'unsupported-runtime': true,
};
const ALL_WARNINGS: Readonly<Record<WarningReason, true>> = {
  'unreadable-environment': true,
  'files-missing': true,
  'notice-not-shown': true,
  'storage-failed': true,
  'folder-refused': true,
  'given-id-ignored': true,
  'options-ignored': true,
  'stricter-mode': true,
  'personal-word': true,
  'no-project': true,
  'package-json-ignored': true,
  'waits-for-close': true,
  'may-end-early': true,
};
const ALL_OBSTACLES: Readonly<Record<NoChildReason, true>> = {
  runtime: true,
  'first-process': true,
  container: true,
  'own-storage': true,
  memory: true,
  permission: true,
  'task-limit': true,
  descriptors: true,
  'no-sender': true,
  'spawn-failed': true,
};

const around = (
  env: Record<string, string> = {},
  others: readonly string[] = [],
): Surroundings => ({
  variable: (name) => env[name],
  isOthers: (file) => others.includes(file),
});
const off = (rule: 'environment' | 'choice' | 'test-runner' | 'mode', source: string) =>
  ({ mode: 'off', reason: rule, consent: { mode: 'off', rule, source } }) as const;

describe('the reasons', () => {
  it('are all explained, each with something to do', () => {
    expect(Object.keys(REASONS).sort()).toEqual(Object.keys(ALL_REASONS).sort());
    for (const reason of Object.keys(ALL_REASONS) as Reason[]) {
      const status = { mode: 'off', reason, consent: { mode: 'off', rule: 'code' } } as const;
      const { because, toDo } = explain({ status, name: 'acme telemetry', surroundings: around() });
      expect([reason, because]).toEqual([reason, expect.stringMatching(/^\S.{10,}[^.]$/)]);
      expect([reason, toDo]).toEqual([reason, expect.stringMatching(/^[A-Z].{10,}/)]);
      expect(because + toDo).not.toContain('undefined');
    }
  });

  it('of a variable name it and its value, and offer no command that it would overrule', () => {
    const surroundings = around({ ACME_CLI_TELEMETRY_DISABLED: 'yes' });
    const status = off('environment', 'ACME_CLI_TELEMETRY_DISABLED');
    const { because, toDo } = explain({ status, name: 'acme telemetry', surroundings });
    expect(because).toBe('the variable ACME_CLI_TELEMETRY_DISABLED is set to "yes"');
    expect(toDo).toContain('unset ACME_CLI_TELEMETRY_DISABLED');
    expect(toDo).not.toContain('acme telemetry on');
    const inCi = around({ DO_NOT_TRACK: '1', CI: 'true' });
    const there = explain({
      status: off('environment', 'DO_NOT_TRACK'),
      name: 'x',
      surroundings: inCi,
    });
    expect(there.toDo).toContain('settings of this CI job');
  });

  it('tell the choice of the user behind sudo from the own one', () => {
    const file = '/home/ada/.config/headcount/_all/choice';
    const situation = { status: off('choice', file), name: 'acme telemetry' };
    const own = explain({ ...situation, surroundings: around() });
    expect(own).toEqual({
      because: `it is your choice (${file})`,
      toDo: 'Turn it on:  acme telemetry on',
    });
    const others = explain({ ...situation, surroundings: around({}, [file]) });
    expect(others.because).toContain('choice of another user');
    expect(others.toDo).toMatch(/^Only that user .* without sudo/);
  });

  it('of an address never show its password', () => {
    const surroundings = around({ HEADCOUNT_ENDPOINT: 'https://ada:secret@stats.acme.dev' });
    const status = {
      mode: 'off',
      reason: 'endpoint-credentials',
      consent: { mode: 'on', rule: 'default' },
    } as const;
    const { toDo } = explain({ status, name: 'acme', surroundings });
    expect(toDo).toContain('https://…@stats.acme.dev');
    expect(toDo).not.toContain('secret');
  });
});

describe('the warnings and the obstacles', () => {
  it('are all explained, each with something to do', () => {
    expect(Object.keys(WARNING_ADVICE).sort()).toEqual(Object.keys(ALL_WARNINGS).sort());
    expect(Object.keys(OBSTACLES).sort()).toEqual(Object.keys(ALL_OBSTACLES).sort());
    for (const advice of Object.values(WARNING_ADVICE))
      expect(advice('acme')).toMatch(/^[A-Z].+\.$|acme on$/);
    for (const { text, advice } of Object.values(OBSTACLES)) {
      expect(text).toMatch(/^[a-z].+[^.]$/);
      expect(advice).toMatch(/^[A-Z].+\.$/);
    }
  });
});
