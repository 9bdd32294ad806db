import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadRelayConfig } from '../../src/load-relay-config.js';
import { RELAY_OPTIONS } from '../../src/relay-options.js';
import { CLI } from '../support/built.js';
import { post } from '../support/load.js';
import { fullReport } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { REPOSITORY } from './support/build-image.js';
import { readDockerfile } from './support/read-dockerfile.js';

const fileOf = (name: string): string => join(REPOSITORY, 'collector/deploy', name);
const known = Object.values(RELAY_OPTIONS).map(({ variable }) => variable);

describe('the unit of a relay', () => {
  const file = fileOf('systemd/headcount-relay.service');
  const unit = readFileSync(file, 'utf8');
  const valuesOf = (name: string): readonly string[] =>
    [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);

  it('is taken by systemd-analyze, and gives a relay no more than a collector has', () => {
    const own = join(temporaryFolder(), 'headcount-relay.service');
    writeFileSync(own, unit.replace('/usr/local/bin/headcount-collector', CLI));
    execFileSync('systemd-analyze', ['verify', '--man=no', own], { stdio: 'pipe' });
    const hardening = (text: string): readonly string[] =>
      text.split('\n').filter((line) => /^(Protect|Private|Restrict|NoNew|Cap|System)/.test(line));
    const collector = readFileSync(fileOf('systemd/headcount-collector.service'), 'utf8');
    expect(hardening(collector)).toEqual(expect.arrayContaining([...hardening(unit)]));
    expect(hardening(unit).length).toBeGreaterThan(15);
  });

  it('runs a relay that keeps its folder to itself, and ends in time', async () => {
    const state = temporaryFolder();
    const settings = valuesOf('Environment')
      .flatMap((line) => line.split(' '))
      .map((word) => word.replaceAll('%S', state).split('='));
    const env = Object.fromEntries(settings) as Record<string, string>;
    for (const name of Object.keys(env).filter((one) => one.startsWith('HEADCOUNT_'))) {
      expect(known).toContain(name);
    }
    mkdirSync(join(state, valuesOf('StateDirectory')[0] ?? ''), { mode: 0o700 });
    const [, ...args] = (valuesOf('ExecStart')[0] ?? '').split(' ');
    const to = { HEADCOUNT_RELAY_TO: 'https://127.0.0.1:9', HEADCOUNT_HOST: '127.0.0.1' };
    const relay = await startProcess([...args, '--port', '0'], { ...env, ...to });
    expect(await post(`${await relay.url()}/v1/reports`, fullReport())).toBe(202);
    expect(statSync(join(state, 'headcount-relay', 'relay.db')).mode & 0o077).toBe(0);
    const began = performance.now();
    relay.child.kill('SIGTERM');
    expect(await relay.ended).toBe(0);
    const stopMs = Number(/^(\d+)s$/.exec(valuesOf('TimeoutStopSec')[0] ?? '')?.[1]) * 1000;
    expect(performance.now() - began).toBeLessThan(stopMs);
  });
});

describe('compose-relay.yml', () => {
  const text = readFileSync(fileOf('docker/compose-relay.yml'), 'utf8');
  const filled = text
    .replace(/\$\{HEADCOUNT_RELAY_TO:\?[^}]*\}/, 'https://stats.acme.dev')
    .replace(/\$\{\w+:?-([^}]*)\}/g, (_whole, value: string) => value);
  const { relay } = (
    parse(filled) as { services: { relay: Record<string, unknown> & { environment: object } } }
  ).services;

  it('starts a relay with what it says, from the image of the collector', () => {
    const env = Object.fromEntries(
      Object.entries(relay.environment).map(([name, value]) => [name, String(value)]),
    );
    for (const name of Object.keys(env)) expect(known).toContain(name);
    expect(loadRelayConfig([], env)).toMatchObject({
      ...{ to: 'https://stats.acme.dev', host: '0.0.0.0', port: 8081, data: '/data' },
      ...{ metricsHost: '0.0.0.0', metricsPort: 9881 },
    });
    expect(relay['command']).toEqual(['relay']);
    const steps = readDockerfile(fileOf('docker/Dockerfile')).at(-1)?.steps ?? [];
    const volumes = steps.find(({ keyword }) => keyword === 'VOLUME')?.words;
    expect(volumes).toContain('/data');
  });

  it('differs from the collector’s in nothing that protects', () => {
    const collector = readFileSync(fileOf('docker/compose.yml'), 'utf8');
    const { services } = parse(collector.replace(/\$\{\w+:?-([^}]*)\}/g, '$1')) as {
      services: { collector: Record<string, unknown> };
    };
    for (const name of ['restart', 'init', 'read_only', 'tmpfs', 'cap_drop', 'security_opt']) {
      expect([name, relay[name]]).toEqual([name, services.collector[name]]);
    }
    expect(relay['healthcheck']).toEqual(services.collector['healthcheck']);
  });
});
