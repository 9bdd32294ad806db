import { isRecord } from '../type-guards.js';
import { declaredField, isAllowedValue, type ManifestEvents } from '../wire/manifest.js';
import { ALIVE_EVENT, CHANNELS, type Report, STARTUP_EVENT } from '../wire/report.js';

/** What says what may be reported: a manifest, or the app's own instance of Headcount. */
export interface Declared {
  readonly events: ManifestEvents;
}

/** Every property of a report. One that is not named here does not compile. */
const MEMBERS = Object.keys({
  ...{ report_id: 0, anonymous_id: 0, owner: 0, timestamp: 0, project: 0, event: 0 },
  ...{ lost_total: 0, info: 0, fields: 0 },
} satisfies Record<keyof Report, 0>);
const FACTS = Object.keys({
  ...{ os: 0, os_version: 0, arch: 0, version: 0, runtime: 0, runtime_version: 0 },
  ...{ id_source: 0, id_persisted: 0, ci: 0, container: 0, wsl: 0, agent: 0, channel: 0, level: 0 },
} satisfies Record<keyof Report['info'], 0>);
const OWN_EVENTS = [STARTUP_EVENT, ALIVE_EVENT];

/** What a report contains that is declared nowhere, one sentence each. */
export function undeclaredIn(report: Report, { events }: Declared): string[] {
  // A client of another language may have sent anything.
  const {
    event = STARTUP_EVENT,
    fields,
    info,
  }: Readonly<Record<keyof Report, unknown>> = {
    fields: undefined,
    owner: undefined,
    ...report,
  };
  const channel = isRecord(info) ? info['channel'] : undefined;
  return [
    ...strangers(report, MEMBERS).map((name) => `"${name}" is no property of a report`),
    ...strangers(info, FACTS).map((name) => `"info.${name}" is no property of a report`),
    ...(channel === null || channel === undefined || CHANNELS.some((word) => word === channel)
      ? []
      : [`info.channel is ${JSON.stringify(channel)}, which is no channel`]),
    ...undeclaredFields(String(event), isRecord(fields) ? fields : {}, events),
  ];
}

const strangers = (value: unknown, known: readonly string[]): string[] =>
  isRecord(value) ? Object.keys(value).filter((name) => !known.includes(name)) : [];

function undeclaredFields(event: string, fields: object, events: ManifestEvents): string[] {
  if (!Object.hasOwn(events, event) && !OWN_EVENTS.includes(event)) {
    return [`the event "${event}" is not declared`];
  }
  return Object.entries(fields).flatMap(([name, value]: [string, unknown]) => {
    const field = declaredField(events, event, name);
    if (!field) return [`the field "${name}" of "${event}" is not declared`];
    if (isAllowedValue(field, value)) return [];
    return [`${JSON.stringify(value)} is no declared value of the field "${name}" of "${event}"`];
  });
}
