import { describe, expect, it } from 'vitest';
import { projectVariable } from '../../src/consent/environment.js';

describe('projectVariable', () => {
  it.each([
    ['acme', 'ACME_TELEMETRY_DISABLED'],
    ['@acme/cli', 'ACME_CLI_TELEMETRY_DISABLED'],
    ['acme--cli.js', 'ACME_CLI_JS_TELEMETRY_DISABLED'],
    ['7zip', 'APP_7ZIP_TELEMETRY_DISABLED'],
  ])('names the variable of %s %s', (project, variable) => {
    expect(projectVariable(project)).toBe(variable);
  });
});
