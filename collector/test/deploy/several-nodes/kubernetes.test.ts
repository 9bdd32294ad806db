import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import type { StatefulSet } from 'kubernetes-models/apps/v1';
import type { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { OPTIONS } from '../../../src/config-options.js';
import { loadConfig } from '../../../src/load-config.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { REPOSITORY } from '../support/build-image.js';
import { deployFile } from '../support/deploy-file.js';
import { problemsOf } from '../support/manifest-problems.js';
import { makeSecrets, placePepper, readComposeKit } from './compose-kit.js';

const FOLDERS = [
  join(REPOSITORY, 'collector/deploy/kubernetes-postgres'),
  join(REPOSITORY, 'collector/deploy/postgres'),
] as const;
const [COLLECTORS, TRIAL] = FOLDERS;

const read = (path: string): unknown[] =>
  parseAllDocuments(readFileSync(path, 'utf8')).map((document) => document.toJS() as unknown);

/** The first manifest of a file. */
const one = <Manifest>(folder: string, file: string): Manifest =>
  read(join(folder, file))[0] as Manifest;

interface Kustomization {
  readonly resources: readonly string[];
  readonly namespace: string;
  readonly configMapGenerator?: readonly { name: string; files: readonly string[] }[];
}

/** Kustomize reads this, and the chart of the adapter that; the cluster sees neither. */
const NO_MANIFESTS = ['kustomization.yaml', 'prometheus-adapter.yaml'];

const manifests = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && !NO_MANIFESTS.includes(file))
    .map((file) => [join(folder, file).slice(deployFile('').length), join(folder, file)] as const),
);

const set = one<StatefulSet>(COLLECTORS, 'stateful-set.yaml');
const alone = one<StatefulSet>(deployFile('kubernetes'), 'stateful-set.yaml');
const pod = set.spec?.template.spec;
const [container] = pod?.containers ?? [];
const [pepper] = pod?.initContainers ?? [];

it.each(manifests)('follows the schema of its kind, without unknown members: %s', (_name, path) => {
  for (const manifest of read(path)) expect(problemsOf(manifest)).toEqual([]);
});

it('applies each of its files', () => {
  const optional = [...NO_MANIFESTS, 'service-monitor.yaml'];
  for (const folder of FOLDERS) {
    const { resources, configMapGenerator = [] } = one<Kustomization>(folder, 'kustomization.yaml');
    const used = [...resources, ...configMapGenerator.flatMap(({ files }) => files)];
    expect(used.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
    const unused = readdirSync(folder).filter((file) => !used.includes(file));
    const left = unused.filter((file) => file.endsWith('.yaml') && !optional.includes(file));
    expect(left).toEqual([]);
  }
  const { resources } = one<Kustomization>(TRIAL, 'kustomization.yaml');
  expect(resources).toContain('../kubernetes-postgres');
});

describe('each collector', () => {
  it('keeps its journal, whatever becomes of its pod', () => {
    expect(set.spec?.persistentVolumeClaimRetentionPolicy).toEqual({
      ...{ whenDeleted: 'Retain', whenScaled: 'Retain' },
    });
    const [claim] = set.spec?.volumeClaimTemplates ?? [];
    const mounted = container?.volumeMounts?.find(({ name }) => name === claim?.metadata?.name);
    const data = container?.env?.find(({ name }) => name === 'HEADCOUNT_DATA')?.value;
    expect(data?.startsWith(`${mounted?.mountPath}/`)).toBe(true);
  });

  it('is protected as one that is alone, and so is all beside it', () => {
    const single = alone.spec?.template.spec;
    const own = [
      pepper,
      container,
      ...['primary.yaml', 'replica.yaml', 'redis.yaml'].map(
        (file) => one<StatefulSet>(TRIAL, file).spec?.template.spec?.containers[0],
      ),
    ];
    for (const each of own) {
      expect(each?.securityContext).toEqual(single?.containers[0]?.securityContext);
      expect(each?.resources?.limits).toHaveProperty('memory');
    }
    expect(pod?.securityContext).toEqual(single?.securityContext);
    for (const file of ['primary.yaml', 'replica.yaml', 'redis.yaml']) {
      const { securityContext, ...rest } = one<StatefulSet>(TRIAL, file).spec?.template.spec ?? {};
      expect(securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(rest).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
      });
    }
    expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
  });

  it('is probed as one that is alone, and has longer to end', () => {
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe', 'lifecycle'] as const) {
      expect(container?.[probe]).toEqual(alone.spec?.template.spec?.containers[0]?.[probe]);
    }
    const drain = container?.env?.find(({ name }) => name === 'HEADCOUNT_DRAIN_SECONDS')?.value;
    expect(Number(drain)).toBeGreaterThan(OPTIONS.drainSeconds.fallback);
    // preStop takes 10 s of it.
    expect(pod?.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(Number(drain) + 40);
  });

  it('starts with its secrets, and by the pepper that all have', () => {
    const secrets = temporaryFolder();
    makeSecrets(secrets);
    const variables = (container?.env ?? []).map(({ name, value = '' }) => {
      const option = Object.values(OPTIONS).find(
        ({ variable }) => variable === name.replace(/_FILE$/, ''),
      );
      expect([name, option === undefined]).toEqual([name, false]);
      return [name, value.replace('/run/secrets', secrets)];
    });
    const config = loadConfig([], Object.fromEntries(variables) as Record<string, string>);
    expect(config.store).toMatch(/^postgres:\/\/headcount:\w+@postgres-primary,postgres-replica\//);
    expect(config.readStore).toMatch(/@postgres-replica\//);
    expect(config.cache).toMatch(/@redis:6379$/);

    const data = join(temporaryFolder(), 'headcount');
    placePepper(pepper?.command ?? [], secrets, data);
    const own = readFileSync(join(secrets, 'pepper'));
    expect(own.length).toBe(32);
    expect(readFileSync(join(data, 'pepper'))).toEqual(own);
    // A folder with another one keeps it: the collector then says that it is another.
    const other = temporaryFolder();
    makeSecrets(other);
    placePepper(pepper?.command ?? [], other, data);
    expect(readFileSync(join(data, 'pepper'))).toEqual(own);
    expect(pepper?.command).toEqual(readComposeKit().services['pepper-1']?.entrypoint);
  });
});

it('reaches PostgreSQL, Redis and names, and nothing else', () => {
  const { spec } = one<NetworkPolicy>(COLLECTORS, 'network-policy.yaml');
  expect(spec?.podSelector.matchLabels).toEqual(set.spec?.template.metadata?.labels);
  const open = spec?.egress?.flatMap(({ to = [], ports = [] }) => {
    expect(to).toHaveLength(1);
    return ports.map(({ port }) => port);
  });
  expect(open).toEqual([5432, 6379, 53, 53]);
  for (const file of ['primary.yaml', 'replica.yaml', 'redis.yaml']) {
    const [workload, service] = read(join(TRIAL, file)) as [StatefulSet, Service];
    expect(workload.spec?.template.metadata?.labels).toMatchObject(
      service.spec?.selector ?? { no: 'selector' },
    );
    const [port] = workload.spec?.template.spec?.containers[0]?.ports ?? [];
    expect(service.spec?.ports?.[0]).toMatchObject({
      port: port?.containerPort,
      targetPort: port?.name,
    });
    const allowed = spec?.egress?.find(({ ports }) => ports?.[0]?.port === port?.containerPort);
    expect(workload.spec?.template.metadata?.labels).toMatchObject(
      allowed?.to?.[0]?.podSelector?.matchLabels ?? { no: 'rule' },
    );
    // The secrets' addresses have this name.
    expect(service.metadata?.name).toBe(workload.metadata?.name);
  }
});

it('scales the collectors up at once and down slowly, and never below two', () => {
  const { spec } = one<HorizontalPodAutoscaler>(COLLECTORS, 'horizontal-pod-autoscaler.yaml');
  expect(spec?.scaleTargetRef).toEqual({
    ...{ apiVersion: set.apiVersion, kind: set.kind, name: set.metadata?.name },
  });
  expect(spec?.minReplicas).toBeGreaterThanOrEqual(2);
  // An apply must not undo what the autoscaler has set.
  expect(set.spec?.replicas).toBeUndefined();
  const { scaleUp, scaleDown } = spec?.behavior ?? {};
  const waitOf = (rule: typeof scaleUp): number => rule?.policies?.[0]?.periodSeconds ?? 0;
  expect(waitOf(scaleDown)).toBeGreaterThan(waitOf(scaleUp));
  expect(scaleDown?.stabilizationWindowSeconds).toBeGreaterThanOrEqual(1800);
  const adapter = one<{
    rules: { external: readonly { seriesQuery: string; name: { as: string } }[] };
  }>(COLLECTORS, 'prometheus-adapter.yaml');
  const [rule] = adapter.rules.external;
  expect(rule?.name.as).toBe(spec?.metrics?.[0]?.external?.metric.name);
  const rules = readFileSync(deployFile('prometheus/several-nodes.yml'), 'utf8');
  expect(rules).toContain(`- record: ${rule?.seriesQuery}\n`);
});
