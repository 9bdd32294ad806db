import { describe, expect, it } from 'vitest';
import { detectCi } from '../../src/report/ci.js';
import { coarseVersion } from '../../src/report/coarse-version.js';
import { collectFacts } from '../../src/report/facts.js';
import { fakePlatform, type FakePlatformOptions } from '../support/fake-platform.js';

const facts = (options: FakePlatformOptions = {}) =>
  collectFacts(
    '2.3.1',
    fakePlatform(options),
    { ci: detectCi, version: coarseVersion },
    (text) => text,
  );

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
      channel: null,
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
    ['10.0.19045', '10'],
    ['10.0.22000', '11'],
    ['10.0.22631', '11'],
    ['10.0.20348', '10'], // Server 2022
    ['10.0.26100', '11'], // Server 2025, and Windows 11 24H2
    ['6.3.9600', '6.3'],
    ['10.0', '10.0'],
    ['11.0.30000', '11.0'],
  ])('tells Windows 10 from 11 by the build, and not the build: %s', (release, version) => {
    const system = { platform: 'win32', release: () => release };
    expect(facts({ system }).os_version).toBe(version);
    expect(facts({ system: { ...system, platform: 'linux' } }).os_version).toMatch(/^\d+\.\d+$/);
  });

  it.each([
    { '/.dockerenv': '' },
    { '/run/.containerenv': '' },
    { '/proc/self/cgroup': '12:cpu:/docker/0123456789ab\n' },
    { '/proc/self/cgroup': '0::/kubepods/besteffort/pod1\n' },
    // cgroup v2 with a namespace of its own says nothing; the files that an engine mounts do.
    ...[
      '/docker/containers/66826257e096f3c9/hostname /etc/hostname rw,relatime - ext4 /dev/vda1 rw',
      '/containers/66826257e096f3c9/resolv.conf /etc/resolv.conf rw - ext4 /dev/vdb1 rw',
      '/var/lib/kubelet/pods/0f7e6d5c/etc-hosts /etc/hosts rw,relatime - ext4 /dev/sda1 rw',
      '/pods/0f7e6d5c/containers/app/1a2b /dev/termination-log rw - xfs /dev/sdb1 rw',
      '/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/0f7e/hostname /etc/hostname rw - ext4 /dev/sda1 rw',
      '/containers/overlay-containers/1a2b/userdata/hosts /etc/hosts rw - tmpfs tmpfs rw',
      '/var/lib/docker/buildkit/executor/hosts /etc/hosts ro - ext4 /dev/sda1 rw',
    ].map((mount) => ({
      '/proc/self/cgroup': '0::/\n',
      '/proc/self/mountinfo': `27 1 254:0 / / rw - overlay overlay rw\n505 496 254:1 ${mount}\n`,
    })),
  ])('recognizes a container by %j', (files) => {
    expect(facts({ files }).container).toBe(true);
  });

  it.each([
    '/var/lib/docker/overlay2/l/AB /var/lib/docker/overlay2/1a2b/merged rw - overlay overlay rw',
    '/ /var/lib/docker/containers/1a2b/mounts/shm rw - tmpfs shm rw',
    '/data /var/lib/kubelet/pods/0f7e6d5c/volume-subpaths/etc/hosts rw - ext4 /dev/sda1 rw',
    '/systemd/resolve/stub-resolv.conf /etc/resolv.conf rw - tmpfs tmpfs rw',
    '/home/ada/projects/hosts /etc/hosts rw - ext4 /dev/sda1 rw',
  ])('takes no host for a container that only runs some: %s', (mount) => {
    const files = { '/proc/self/cgroup': '0::/\n', '/proc/self/mountinfo': `30 27 0:5 ${mount}\n` };
    expect(facts({ files }).container).toBe(false);
  });

  it('recognizes WSL by the kernel', () => {
    const release = () => '5.15.153.1-microsoft-standard-WSL2';
    expect(facts({ system: { release } }).wsl).toBe(true);
    expect(facts({ system: { release, platform: 'win32' } }).wsl).toBe(false);
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
