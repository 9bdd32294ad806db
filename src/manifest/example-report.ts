import type { Field, ManifestEvents } from '../wire/manifest.js';
import { type FieldValue, type Report, STARTUP_EVENT } from '../wire/report.js';

/** An example report of the event with the most fields. Its values are fixed and made up. */
export function exampleReport(project: string, events: ManifestEvents): Report {
  const sizes = Object.entries(events).map(([name, event]) => ({
    name,
    fields: Object.entries(event.fields),
  }));
  const [fullest = { name: STARTUP_EVENT, fields: [] }] = sizes.toSorted(
    (one, other) => other.fields.length - one.fields.length,
  );
  const fields = fullest.fields.map(([name, field]) => [name, exampleValue(field)] as const);
  return {
    report_id: '0198c1f2-7c00-7d3a-9b51-3f2a6c8e4d10',
    anonymous_id: '3f9a1c5b7e2d4860',
    owner: '5d0c7e1a9f3b4826b7d1e0f2a4c68935',
    timestamp: '2026-01-15T09:30:00.000Z',
    project,
    event: fullest.name,
    lost_total: 0,
    info: {
      os: 'Linux',
      os_version: '6.12',
      arch: 'x64',
      version: '1.2.3',
      runtime: 'node',
      runtime_version: '22.11',
      id_source: 'machine',
      id_persisted: true,
      ci: null,
      container: false,
      wsl: false,
      agent: null,
      channel: 'npm',
      level: 'full',
    },
    ...(fields.length > 0 && { fields: Object.fromEntries(fields) }),
  };
}

function exampleValue(field: Field): FieldValue {
  switch (field.kind) {
    case 'enum':
    case 'bucket':
      return field.values[0] ?? '';
    case 'boolean':
      return true;
    case 'semver':
      return '1.2.3';
    case 'count':
      return Math.min(3, field.max);
  }
}
