import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { findUnknownKeys } from './unknown-keys.js';

/** The schemas of the kinds, by API version, as functions in files of two packages. */
const SCHEMAS: Readonly<Record<string, readonly [library: string, file: string]>> = {
  'v1 Namespace': ['kubernetes-models', 'IoK8sApiCoreV1Namespace'],
  'v1 Service': ['kubernetes-models', 'IoK8sApiCoreV1Service'],
  'apps/v1 StatefulSet': ['kubernetes-models', 'IoK8sApiAppsV1StatefulSet'],
  'apps/v1 Deployment': ['kubernetes-models', 'IoK8sApiAppsV1Deployment'],
  'policy/v1 PodDisruptionBudget': ['kubernetes-models', 'IoK8sApiPolicyV1PodDisruptionBudget'],
  'networking.k8s.io/v1 NetworkPolicy': [
    ...(['kubernetes-models', 'IoK8sApiNetworkingV1NetworkPolicy'] as const),
  ],
  'autoscaling/v2 HorizontalPodAutoscaler': [
    ...(['kubernetes-models', 'IoK8sApiAutoscalingV2HorizontalPodAutoscaler'] as const),
  ],
  'monitoring.coreos.com/v1 ServiceMonitor': [
    ...(['@kubernetes-models/prometheus-operator', 'MonitoringCoreosComV1ServiceMonitor'] as const),
  ],
};

interface Validate {
  (value: unknown): boolean;
  readonly errors?: readonly object[] | null;
}

const load = createRequire(import.meta.url);

/** What is wrong with a manifest by the schema of its kind. */
export function problemsOf(manifest: unknown): readonly unknown[] {
  const { apiVersion, kind } = manifest as { apiVersion: string; kind: string };
  const [library, file] = SCHEMAS[`${apiVersion} ${kind}`] ?? [];
  if (library === undefined || file === undefined) return [`${apiVersion} has no ${kind}`];
  // The package exports its models only, which leave unknown members out before they validate.
  const folder = dirname(load.resolve(`${library}/package.json`));
  const { validate } = load(join(folder, '_schemas', `${file}.js`)) as { validate: Validate };
  return validate(manifest) ? findUnknownKeys(manifest, validate) : (validate.errors ?? ['wrong']);
}
