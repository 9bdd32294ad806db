import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { OPTIONS } from '../../../src/config-options.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { isComposeFile } from '../support/compose-schema.js';
import { deployFile } from '../support/deploy-file.js';
import { fillVariables } from '../support/fill-variables.js';
import { makeSecrets, readComposeKit } from './compose-kit.js';

const { services, secrets } = readComposeKit();
const serviceOf = (name: string) => {
  const service = services[name];
  if (service === undefined) throw new Error(`compose-postgres.yml has no ${name}.`);
  return service;
};

it('follows the Compose Specification', () => {
  const kit = readComposeKit();
  expect(isComposeFile(kit)).toBe(true);
  const spoilt = { ...kit, services: { ...services, redis: { ...services['redis'], port: 1 } } };
  expect(isComposeFile(spoilt)).toBe(false);
});

it('protects each container as that of a collector alone', () => {
  const text = fillVariables(readFileSync(deployFile('docker/compose.yml'), 'utf8'));
  const { collector } = (parse(text) as { services: { collector: Record<string, unknown> } })
    .services;
  for (const [name, service] of Object.entries(services)) {
    for (const member of ['init', 'read_only', 'cap_drop', 'security_opt', 'pids_limit']) {
      expect([name, member, service[member]]).toEqual([name, member, collector[member]]);
    }
    expect([name, service['tmpfs']]).toEqual([
      name,
      expect.arrayContaining(collector['tmpfs'] as unknown[]),
    ]);
    if (name.startsWith('pepper')) continue;
    expect([name, service['restart']]).toEqual([name, 'unless-stopped']);
    expect([name, service['healthcheck']]).toEqual([name, expect.anything()]);
  }
});

it('gives each service the secrets that it needs, out of those that are made', () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  makeSecrets(folder);
  // Users of containers read what others of the machine must not reach.
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const [name, { file }] of Object.entries(secrets)) {
    expect(file).toBe(`./secrets/${name}`);
    expect(readFileSync(join(folder, name)).length).toBeGreaterThan(0);
    expect([name, statSync(join(folder, name)).mode & 0o004]).toEqual([name, 0o004]);
  }
  const given = Object.entries(services).map(([name, { secrets = [] }]) => [name, secrets]);
  const collector = ['admin-token', 'store', 'read-store', 'cache'];
  expect(Object.fromEntries(given)).toEqual({
    ...{ 'collector-1': collector, 'collector-2': collector },
    ...{ 'pepper-1': ['pepper'], 'pepper-2': ['pepper'] },
    'postgres-primary': ['postgres-password', 'headcount-password', 'replica-password'],
    ...{ 'postgres-replica': ['replica-password'], redis: ['redis-users'], balancer: ['site.pem'] },
  });
});

it('tells both collectors the same, each with a folder of its own', () => {
  const [first, second] = [serviceOf('collector-1'), serviceOf('collector-2')];
  expect(first.environment).toEqual(second.environment);
  expect([first.volumes, second.volumes]).toEqual([['data-1:/data'], ['data-2:/data']]);
  expect([serviceOf('pepper-1').volumes, serviceOf('pepper-2').volumes]).toEqual([
    ...[first.volumes, second.volumes],
  ]);
  const known = Object.values(OPTIONS).map(({ variable }) => variable);
  for (const name of Object.keys(first.environment)) {
    expect(known).toContain(name.replace(/_FILE$/, ''));
  }
});

it('lets the balancer ask both, and them believe it alone', () => {
  const { environment } = serviceOf('balancer');
  const addressOf = (name: string): unknown =>
    (serviceOf(name)['networks'] as { default: { ipv4_address: string } }).default.ipv4_address;
  const port = serviceOf('collector-1').environment['HEADCOUNT_PORT'];
  expect(environment).toMatchObject({
    HEADCOUNT_UPSTREAM: `${String(addressOf('collector-1'))}:${port}`,
    HEADCOUNT_UPSTREAM_2: `${String(addressOf('collector-2'))}:${port}`,
  });
  const trusted = serviceOf('collector-1').environment['HEADCOUNT_TRUSTED_PROXIES'];
  expect(trusted).toBe(addressOf('balancer'));
  const config = readFileSync(deployFile('haproxy/headcount.cfg'), 'utf8');
  for (const name of Object.keys(environment))
    expect(config).toContain(`"\${${name}}"`.slice(1, -1));
});

it('has the images of the manifests', () => {
  for (const [service, file] of [
    ['postgres-primary', 'primary.yaml'],
    ['postgres-replica', 'replica.yaml'],
    ['redis', 'redis.yaml'],
  ] as const) {
    const manifest = readFileSync(deployFile(`postgres/${file}`), 'utf8');
    expect(manifest).toContain(`image: ${serviceOf(service).image}\n`);
    expect(serviceOf(service).image).toMatch(/:\d+(\.\d+)?-bookworm$/);
  }
});
