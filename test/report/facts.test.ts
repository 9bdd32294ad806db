import { describe, expect, it } from 'vitest';
import { collectFacts } from '../../src/report/facts.js';
import { fakePlatform, type FakePlatformOptions } from '../support/fake-platform.js';

const facts = (options: FakePlatformOptions = {}) => collectFacts('2.3.1', fakePlatform(options));

describe('collectFacts', () => {
  it('tells system, runtime and version coarsely', () => {
    expect(facts()).toEqual({
      os: 'Linux',
      os_version: '6.18',
      arch: 'x64',
      version: '2.3.1',
      runtime: 'node',
      runtime_version: '20.20',
      ci: null,
      container: false,
      wsl: false,
      agent: null,
    });
  });

  it.each([
    ['darwin', 'Darwin'],
    ['win32', 'Windows'],
    ['freebsd', 'FreeBSD'],
    ['haiku', 'haiku'],
  ])('calls %s as Python does: %s', (platform, os) => {
    expect(facts({ system: { platform } }).os).toBe(os);
  });

  it('says unknown for a release that is no number', () => {
    expect(facts({ system: { release: () => 'custom' } }).os_version).toBe('unknown');
  });

  it.each([
    { '/.dockerenv': '' },
    { '/run/.containerenv': '' },
    { '/proc/self/cgroup': '12:cpu:/docker/0123456789ab\n' },
    { '/proc/self/cgroup': '0::/kubepods/besteffort/pod1\n' },
  ])('recognizes a container by %j', (files) => {
    expect(facts({ files }).container).toBe(true);
  });

  it('recognizes WSL by the kernel', () => {
    const files = { '/proc/sys/kernel/osrelease': '5.15.153.1-microsoft-standard-WSL2\n' };
    expect(facts({ files }).wsl).toBe(true);
  });

  it('names the coding agent that runs the command', () => {
    expect(facts({ env: { CLAUDECODE: '1' } }).agent).toBe('claude-code');
    expect(facts({ env: { CODEX_THREAD_ID: 'x', AI_AGENT: 'y' } }).agent).toBe('codex');
    expect(facts({ env: { CLINE_ACTIVE: '' } }).agent).toBe(null);
    // What such a variable holds is somebody's text, and never sent.
    expect(facts({ env: { AI_AGENT: '/home/ada/secret' } }).agent).toBe('other');
  });

  it('goes on where a file may not be read', () => {
    const disk = (call: string) => {
      if (call === 'read') throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    };
    expect(facts({ disk }).container).toBe(false);
  });
});
