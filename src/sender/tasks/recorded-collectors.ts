import { APP_RECORD, CLIENT_COLLECTOR } from '../../file-names.js';
import { type AppRecord, parseAppRecord } from '../../project/app-record.js';
import type { Endpoint } from '../../project/endpoint.js';
import { parseEndpoint } from '../../project/parse-endpoint.js';
import type { TaskParts } from './task.js';

type Parts = Pick<TaskParts, 'job' | 'files'>;

/** Each release of a program names one: more than that no program has written. */
const MAX_COLLECTORS = 50;

/** The collectors that clients in other languages have named before they reported there. */
export const clientCollectors = (parts: Parts): readonly Endpoint[] =>
  clientFiles(parts)
    .slice(0, MAX_COLLECTORS)
    .flatMap((file) => endpointOf(parts.files.read(file)?.trim()));

/** Removes what names these. A client names its collector anew before its next report. */
export function removeClientCollectors(parts: Parts): void {
  for (const file of clientFiles(parts)) parts.files.remove(file);
}

function clientFiles({ job: { folders }, files }: Parts): readonly string[] {
  if (!folders) return []; // an app's own storage has no files
  const names = files.list(folders.state).filter((name) => CLIENT_COLLECTOR.test(name));
  return names.map((name) => `${folders.state}/${name}`);
}

/** What the last run of a program says of itself. */
export function appRecordOf({ job: { folders }, files }: Parts): AppRecord | undefined {
  try {
    return folders && parseAppRecord(files.read(`${folders.state}/${APP_RECORD}`));
  } catch {
    return undefined; // it belongs to another user
  }
}

/** The collector that a record names, if it names one. */
export const recordedCollector = ({ endpoint, fromEnvironment }: AppRecord): readonly Endpoint[] =>
  endpointOf(endpoint).map((found) => ({ ...found, ...(fromEnvironment && { fromEnvironment }) }));

/** The program was allowed to use it. */
function endpointOf(text: string | undefined): readonly Endpoint[] {
  const parsed = parseEndpoint(text ?? '', { allowInsecure: true });
  return typeof parsed === 'string' ? [] : [parsed];
}
