import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPTIONS } from '../../src/config-options.js';
import { CLI } from '../support/built.js';
import { post } from '../support/load.js';
import { fullReport } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { REPOSITORY } from './support/build-image.js';

const FILE = join(REPOSITORY, 'collector/deploy/systemd/headcount-collector.service');
const text = readFileSync(FILE, 'utf8');

/** All values of a setting, in their order. */
const valuesOf = (name: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);

/** The unit with the program where it is on this machine. */
function installed(change: (unit: string) => string = (unit) => unit): string {
  const file = join(temporaryFolder(), 'headcount-collector.service');
  writeFileSync(file, change(text).replace('/usr/local/bin/headcount-collector', CLI));
  return file;
}

function verify(file: string): string {
  try {
    execFileSync('systemd-analyze', ['verify', '--man=no', file], { stdio: 'pipe' });
    return '';
  } catch (error) {
    return String((error as { stderr: Buffer }).stderr);
  }
}

/** From 0 to 10, as systemd weighs what the service could still do. */
function exposure(file: string): number {
  const out = execFileSync('systemd-analyze', ['security', '--offline=true', '--no-pager', file]);
  return Number(/Overall exposure level for .*: ([\d.]+)/.exec(out.toString())?.[1]);
}

describe('the unit of systemd', () => {
  it('is taken by systemd-analyze verify, which finds what is wrong', () => {
    expect(verify(installed())).toBe('');
    expect(verify(installed((unit) => unit.replace('ExecStart=', 'ExecStrat=')))).not.toBe('');
  });

  it('leaves the service no more exposure than the manual says', () => {
    const manual = readFileSync(join(REPOSITORY, 'docs/collector/containers.md'), 'utf8');
    const most = Number(/rates its exposure at most ([\d.]+) of 10/.exec(manual)?.[1]);
    expect(most).toBeLessThanOrEqual(1.5);
    expect(exposure(installed())).toBeLessThanOrEqual(most);
    const open = installed((unit) => unit.replace('PrivateDevices=yes\n', ''));
    expect(exposure(open)).toBeGreaterThan(exposure(installed()));
    // V8 writes the code that it runs: with this, the collector would not even start.
    expect(valuesOf('MemoryDenyWriteExecute')).toEqual([]);
  });

  it('starts it again after a failure, as often as it takes', () => {
    expect(valuesOf('Restart')).toEqual(['on-failure']);
    expect(valuesOf('StartLimitIntervalSec')).toEqual(['0']);
    expect(valuesOf('TimeoutStartSec')).toEqual(['infinity']);
  });

  it('runs a collector that counts, keeps its folder to itself, and ends in time', async () => {
    const state = temporaryFolder();
    const settings = valuesOf('Environment')
      .flatMap((line) => line.split(' '))
      .map((word) => word.replaceAll('%S', state).split('='));
    const env = Object.fromEntries(settings) as Record<string, string>;
    const known = Object.values(OPTIONS).map(({ variable }) => variable);
    for (const name of Object.keys(env).filter((one) => one.startsWith('HEADCOUNT_'))) {
      expect(known).toContain(name);
    }
    for (const name of (valuesOf('StateDirectory')[0] ?? '').split(' ')) {
      mkdirSync(join(state, name), { mode: parseInt(valuesOf('StateDirectoryMode')[0] ?? '', 8) });
    }
    const [, ...args] = (valuesOf('ExecStart')[0] ?? '').split(' ');
    const collector = await startProcess([...args, '--port', '0'], env);
    const report = fullReport({ timestamp: new Date().toISOString() });
    expect(await post(`${await collector.url()}/v1/reports`, report)).toBe(202);
    expect(statSync(join(state, 'headcount', 'counts.db')).mode & 0o077).toBe(0);
    const began = performance.now();
    collector.child.kill('SIGTERM');
    expect(await collector.ended).toBe(0);
    const stopMs = Number(/^(\d+)s$/.exec(valuesOf('TimeoutStopSec')[0] ?? '')?.[1]) * 1000;
    expect(performance.now() - began).toBeLessThan(stopMs);
  });
});
