import { afterEach, describe, expect, it } from 'vitest';
import { createHeadcountOn } from '../../../src/headcount.js';
import { instances } from '../../../src/host/platform/instances.js';
import type { HeadcountOptions } from '../../../src/options.js';
import { fakePlatform, type FakePlatformOptions } from '../../support/fake-platform.js';

afterEach(() => instances().clear());

function warnings(platform: FakePlatformOptions, options: HeadcountOptions = {}) {
  const { reason, warnings: found } = createHeadcountOn(fakePlatform(platform), options).status();
  return { reason, found: found.map((warning) => [warning.reason, warning.text] as const) };
}

describe('status().warnings', () => {
  it('say that node -e has no project', () => {
    expect(warnings({ cwd: '/work', files: { '/work/package.json': '{"name":"other"}' } })).toEqual(
      {
        reason: 'no-project',
        found: [['no-project', expect.stringContaining('node -e')]],
      },
    );
  });

  it('say where the project of a bundle was looked for', () => {
    const platform = { mainScript: '/opt/acme.js', files: { '/opt/acme.js': '' } };
    expect(warnings(platform, { packageJson: 'file:///home/builder/src/cli.js' })).toEqual({
      reason: 'no-project',
      found: [
        ['package-json-ignored', expect.stringContaining('packageJson')],
        ['no-project', expect.stringContaining('/opt/acme.js')],
      ],
    });
  });

  it('say that reports wait for close() where no process can be started', () => {
    const options = { project: 'acme-cli', endpoint: 'https://stats.acme.dev' };
    const reasons = (platform: FakePlatformOptions): string[] => {
      instances().clear();
      return warnings(platform, options).found.map(([reason]) => reason);
    };
    expect(reasons({ childObstacle: 'runtime' })).toEqual(['waits-for-close']);
    expect(reasons({})).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['all of them', { HEADCOUNT_TEST_COLLECTOR: 'unreadable', DO_NOT_TRACK: 'unreadable' }],
    ['the endpoint', { HEADCOUNT_ENDPOINT: 'unreadable' }],
    ['one that turns it off', { DO_NOT_TRACK: 'unreadable' }],
    ['that of the project', { ACME_CLI_TELEMETRY_DISABLED: 'unreadable' }],
  ])('name variables that the runtime hides, as Deno does: %s', (_, env) => {
    const { reason, found } = warnings({ env }, { project: 'acme-cli' });
    expect(reason).toBe('unreadable-environment');
    const [[told, text = ''] = []] = found;
    expect(told).toBe('unreadable-environment');
    for (const name of Object.keys(env)) expect(text).toContain(name);
    expect(text).toContain('--allow-env');
  });

  it('say that packageJson was not used, but not for a file that is there', () => {
    const files = { '/app/package.json': '{"name":"acme-cli"}', '/app/cli.js': '' };
    const platform = { mainScript: '/app/cli.js', files };
    const gone = warnings(platform, { packageJson: '/home/builder/src/cli.js' });
    expect(gone.found.map(([reason]) => reason)).toEqual(['package-json-ignored']);
    instances().clear();
    expect(warnings(platform, { packageJson: '/app/cli.js' }).found).toEqual([]);
  });
});
