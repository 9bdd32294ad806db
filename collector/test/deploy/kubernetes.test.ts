import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import type { StatefulSet } from 'kubernetes-models/apps/v1';
import type { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import type { Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { OPTIONS } from '../../src/config-options.js';
import { REPOSITORY } from './support/build-image.js';
import { problemsOf } from './support/manifest-problems.js';
import { readDockerfile } from './support/read-dockerfile.js';
import { shareProcess } from './support/share-process.js';

const FOLDER = join(REPOSITORY, 'collector/deploy/kubernetes');
const KUSTOMIZATION = 'kustomization.yaml';

const read = (file: string): unknown => parse(readFileSync(join(FOLDER, file), 'utf8'));

const files = readdirSync(FOLDER).filter((file) => file !== KUSTOMIZATION);
const set = read('stateful-set.yaml') as StatefulSet;
const pod = set.spec?.template.spec;
const container = pod?.containers[0];

describe('the manifests for Kubernetes', () => {
  it.each(files)('follows the schema of its kind, without unknown members: %s', (file) => {
    expect(problemsOf(read(file))).toEqual([]);
  });

  it.each<[string, (text: string) => string]>([
    ['a misspelt member', (text) => text.replace('readinessProbe', 'readynessProbe')],
    [
      'a member in the wrong place',
      (text) => text.replace('serviceName: collector', 'terminationGracePeriodSeconds: 60'),
    ],
    ['a text for a number', (text) => text.replace('replicas: 1', 'replicas: one')],
    [
      'a missing member',
      (text) =>
        text.replace(
          / {12}httpGet:\n(.*\n){2}/,
          '            httpGet:\n              path: /livez\n',
        ),
    ],
  ])('would not pass with %s', (_what, spoil) => {
    const text = readFileSync(join(FOLDER, 'stateful-set.yaml'), 'utf8');
    expect(spoil(text)).not.toBe(text);
    expect(problemsOf(parse(spoil(text)))).not.toEqual([]);
  });

  it('are all applied, and meant for one another', () => {
    const { resources } = read(KUSTOMIZATION) as { resources: string[] };
    expect([...resources, 'service-monitor.yaml'].sort()).toEqual([...files].sort());
    const label = set.spec?.template.metadata?.labels;
    const service = read('service.yaml') as Service;
    const policy = read('network-policy.yaml') as NetworkPolicy;
    for (const selected of [
      set.spec?.selector.matchLabels,
      service.spec?.selector,
      policy.spec?.podSelector.matchLabels,
      (read('pod-disruption-budget.yaml') as PodDisruptionBudget).spec?.selector?.matchLabels,
    ]) {
      expect(selected).toEqual(label);
    }
    const monitor = read('service-monitor.yaml') as ServiceMonitor;
    expect(monitor.spec.selector.matchLabels).toEqual(service.metadata?.labels);
    expect(set.spec?.serviceName).toBe(service.metadata?.name);
    const ports = container?.ports?.map(({ name }) => name);
    expect(service.spec?.ports?.map(({ targetPort }) => targetPort)).toEqual(ports);
    const admitted = policy.spec?.ingress?.flatMap(({ ports: to = [] }) =>
      to.map((one) => one.port),
    );
    expect(admitted).toEqual(ports);
  });

  it('fit the image: its user, its ports, and a volume for whatever it writes', () => {
    const steps = readDockerfile(join(REPOSITORY, 'collector/deploy/docker/Dockerfile')).at(
      -1,
    )?.steps;
    const wordsOf = (keyword: string): readonly string[] =>
      steps?.find((step) => step.keyword === keyword)?.words ?? [];
    const { runAsUser, runAsGroup, fsGroup, runAsNonRoot } = pod?.securityContext ?? {};
    expect([`${runAsUser}:${runAsGroup}`]).toEqual(wordsOf('USER'));
    expect({ fsGroup, runAsNonRoot }).toEqual({ fsGroup: runAsGroup, runAsNonRoot: true });
    expect(container?.ports?.map(({ containerPort }) => String(containerPort))).toEqual(
      wordsOf('EXPOSE'),
    );
    const mounted = container?.volumeMounts?.map(({ mountPath }) => mountPath);
    expect(mounted).toEqual([...wordsOf('VOLUME'), '/tmp']);
    const known = Object.values(OPTIONS).map(({ variable }) => variable);
    for (const { name, value = '' } of container?.env ?? []) {
      expect(known).toContain(name);
      const option = Object.values(OPTIONS).find(({ variable }) => variable === name);
      expect(option?.parse(value)).toBeDefined();
    }
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });
});

describe('the probes of the pod', () => {
  // By a name that is not the collector's: the kubelet asks by the pod's address.
  const running = shareProcess(['--hosts', 'stats.acme.dev']);

  it('are answered by a running collector, whatever names it is known by', async () => {
    const probes = [container?.startupProbe, container?.livenessProbe, container?.readinessProbe];
    for (const probe of probes) {
      const response = await fetch(running().address + (probe?.httpGet?.path ?? '/missing'));
      expect(response.status).toBe(200);
    }
    expect(container?.livenessProbe?.httpGet?.path).toBe('/livez');
    expect(container?.readinessProbe?.httpGet?.path).toBe('/readyz');
  });

  it('leave the pod the time that it needs to drain and to end', () => {
    const [, , code = ''] = container?.lifecycle?.preStop?.exec?.command ?? [];
    const waitMs = Number(/setTimeout\(.*, ([\d_]+)\)/.exec(code)?.[1]?.replace(/_/g, ''));
    expect(waitMs).toBeGreaterThanOrEqual(5000);
    const graceMs = (pod?.terminationGracePeriodSeconds ?? 0) * 1000;
    expect(graceMs).toBeGreaterThan(waitMs + 20_000);
  });
});
