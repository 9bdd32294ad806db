import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { OPTIONS } from '../../src/config-options.js';
import { loadConfig } from '../../src/load-config.js';
import { REPOSITORY } from './support/build-image.js';
import { isComposeFile } from './support/compose-schema.js';
import { fillVariables } from './support/fill-variables.js';
import { readDockerfile } from './support/read-dockerfile.js';

const FOLDER = join(REPOSITORY, 'collector/deploy/docker');
const text = readFileSync(join(FOLDER, 'compose.yml'), 'utf8');

const fill = (given: Readonly<Record<string, string>> = {}): string => fillVariables(text, given);

interface Service {
  readonly [member: string]: unknown;
  readonly env_file: readonly { readonly path: string; readonly required: boolean }[];
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly healthcheck: Readonly<Record<string, unknown>>;
  readonly deploy: { readonly resources: unknown };
}

const collectorOf = (yaml: string): Service =>
  (parse(yaml) as { services: { collector: Service } }).services.collector;

describe('compose.yml', () => {
  it('follows the Compose Specification', () => {
    expect(isComposeFile(parse(fill()))).toBe(true);
    // As Compose does before it puts in variables.
    expect(text).not.toMatch(/\$\{\w+\}/);
  });

  it.each<[string, string, string]>([
    ['a misspelt member', 'read_only:', 'readonly:'],
    ['limits in the wrong place', '      resources:', '      limit:'],
    ['a misspelt member of env_file', 'required: false', 'require: false'],
    ['a text for a number', 'retries: 3', 'retries: [3]'],
  ])('would not pass with %s', (_what, right, wrong) => {
    const spoilt = fill().replace(right, wrong);
    expect(spoilt).not.toBe(fill());
    expect(isComposeFile(parse(spoilt))).toBe(false);
  });

  it('has the limits and the health check of the first generation, each limit as a variable', () => {
    const { healthcheck, deploy } = collectorOf(fill());
    expect(healthcheck).toEqual({
      test: ['CMD', 'headcount-collector', 'health'],
      ...{ interval: '30s', timeout: '10s', retries: 3, start_period: '40s' },
    });
    expect(deploy.resources).toEqual({
      limits: { memory: '2048M', cpus: 2.0 },
      reservations: { memory: '512M', cpus: 0.5 },
    });
    const other = {
      MEMORY_LIMIT: '1G',
      CPU_LIMIT: '1',
      MEMORY_RESERVATION: '256M',
      CPU_RESERVATION: '0.1',
    };
    expect(collectorOf(fill(other)).deploy.resources).toEqual({
      limits: { memory: '1G', cpus: 1 },
      reservations: { memory: '256M', cpus: 0.1 },
    });
  });

  it('restarts what ends, and gives the container no more than it needs', () => {
    expect(collectorOf(fill())).toMatchObject({
      ...{ restart: 'unless-stopped', init: true, read_only: true, cap_drop: ['ALL'] },
      security_opt: ['no-new-privileges:true'],
      tmpfs: [expect.stringMatching(/^\/tmp:size=64m,.*noexec/)],
      ports: ['127.0.0.1:8081:8081', '127.0.0.1:9881:9881'],
    });
  });

  it('fits the image and the options', () => {
    const steps = readDockerfile(join(FOLDER, 'Dockerfile')).at(-1)?.steps ?? [];
    const volumes = steps.find(({ keyword }) => keyword === 'VOLUME')?.words;
    const { volumes: mounted, environment, healthcheck } = collectorOf(fill());
    const written = mounted.filter((volume) => !volume.endsWith(':ro'));
    expect(written.map((volume) => volume.split(':')[1])).toEqual(volumes);
    const health = steps.find(({ keyword }) => keyword === 'HEALTHCHECK')?.words;
    expect(healthcheck['test']).toEqual(['CMD', ...(health ?? [])]);
    const known = Object.values(OPTIONS).map(({ variable }) => variable);
    for (const name of Object.keys(environment)) expect(known).toContain(name);
  });

  it('hands every option of .env to the collector, except where things are in the container', () => {
    const options = Object.values(OPTIONS).flatMap(({ variable, isSecret }) => [
      variable,
      ...(isSecret === true ? [`${variable}_FILE`] : []),
    ]);
    const given = Object.fromEntries(options.map((name) => [name, `own-${name}`]));
    const seen = containerEnvironment(given);
    const fixed = options.filter((name) => seen[name] !== given[name]);
    expect(fixed.sort()).toEqual([
      ...['HEADCOUNT_BACKUP_DIR', 'HEADCOUNT_DATA', 'HEADCOUNT_HOST', 'HEADCOUNT_METRICS_HOST'],
      ...['HEADCOUNT_METRICS_PORT', 'HEADCOUNT_PORT'],
    ]);
    // Without .env, too.
    expect(collectorOf(fill()).env_file).toEqual([{ path: '.env', required: false }]);
  });

  it('starts a collector with what .env says, whose metrics the host may read', () => {
    const env = containerEnvironment({
      ...{ HEADCOUNT_HOSTS: 'stats.acme.dev', HEADCOUNT_TIMEZONE: 'Europe/Berlin' },
      ...{ HEADCOUNT_DIGEST_DAY: 'friday', HEADCOUNT_PUBLISH: '8081' },
    });
    const config = loadConfig([], env);
    expect(config).toMatchObject({
      ...{ hosts: ['stats.acme.dev'], timezone: 'Europe/Berlin', digestDay: 'friday' },
      ...{ host: '0.0.0.0', port: 8081, metricsHost: '0.0.0.0', metricsPort: 9881 },
      metricsNetworks: ['172.16.0.0/12', '192.168.0.0/16'],
    });
    expect(containerEnvironment({ HEADCOUNT_METRICS_NETWORKS: '' })).toMatchObject({
      HEADCOUNT_METRICS_NETWORKS: '',
    });
    const prometheus = readFileSync(join(FOLDER, '../prometheus/prometheus.yml'), 'utf8');
    expect(prometheus).toContain("targets: ['127.0.0.1:9881']");
  });
});

/** What the container's environment is with a file .env: `environment` goes before `env_file`. */
function containerEnvironment(dotEnv: Readonly<Record<string, string>>): Record<string, string> {
  const { env_file: files, environment } = collectorOf(fill(dotEnv));
  const isRead = files.some(({ path }) => path === '.env');
  const own = Object.entries(environment).map(([name, value]) => [name, String(value ?? '')]);
  return { ...(isRead ? dotEnv : {}), ...(Object.fromEntries(own) as Record<string, string>) };
}
