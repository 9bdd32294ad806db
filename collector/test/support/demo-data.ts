import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ADMIN_TOKEN } from './admin-token.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const scripts = join(root, 'scripts', 'demo');
const cache = join(root, 'node_modules', '.cache', 'headcount-demo');

/** The moment at which the invented people end: Wednesday, 8:42 in Berlin. */
export const DEMO_END = new Date('2026-11-25T07:42:00.000Z');

/** What the folder is filled with; see `scripts/demo/fill-folder.mjs`. */
export interface DemoOptions {
  /** Over all days. */
  readonly people?: number;
  /** How many days are shown. */
  readonly days?: number;
  readonly end?: Date;
  readonly seed?: number;
  /** How often people come: 1 is as usual. */
  readonly often?: number;
}

/** A request with reports. */
export interface Delivery {
  readonly receivedAt: number;
  readonly reports: readonly unknown[];
}

interface FillModule {
  readonly fillFolder: (
    options: DemoOptions & { readonly data: string; readonly adminToken: string },
  ) => Promise<{ readonly reports: number }>;
}

interface DeliveriesModule {
  readonly deliveriesByDay: (
    options: Required<Pick<DemoOptions, 'people' | 'days' | 'end'>> &
      DemoOptions & { readonly project: string },
  ) => Iterable<{
    readonly day: number;
    readonly daysAgo: number;
    readonly deliveries: readonly Delivery[];
  }>;
}

const load = (name: string): Promise<unknown> => import(pathToFileURL(join(scripts, name)).href);

/** What the invented people send. */
export const importDeliveries = async (): Promise<DeliveriesModule> =>
  (await load('deliveries.mjs')) as DeliveriesModule;

/** As many people as the browser tests show, who come seldom, so that they are counted in time. */
export const MANY_PEOPLE: DemoOptions = { people: 50_000, often: 0.12 };

/**
 * Copies a data folder with 90 days of invented people, which is made once and then kept until the
 * generator or the collector's build changes. Its administrator's token is {@link ADMIN_TOKEN}.
 *
 * @param data - The folder, which need not exist. Open it with a clock at {@link DEMO_END}.
 */
export async function copyDemoData(
  data: string,
  options: DemoOptions = MANY_PEOPLE,
): Promise<void> {
  const all = { end: DEMO_END, ...options };
  const kept = join(cache, keyOf(all));
  if (!existsSync(kept)) {
    mkdirSync(cache, { recursive: true });
    const making = mkdtempSync(join(cache, 'making-'));
    const { fillFolder } = (await load('fill-folder.mjs')) as FillModule;
    await fillFolder({ ...all, data: making, adminToken: ADMIN_TOKEN });
    // Another process may have been first: then this one is not needed.
    if (!existsSync(kept)) renameSync(making, kept);
  }
  cpSync(kept, data, { recursive: true, preserveTimestamps: true });
}

/** Changes with everything that the folder depends on. */
function keyOf(options: DemoOptions): string {
  const hash = createHash('sha256').update(JSON.stringify(options));
  for (const folder of [scripts, join(root, 'collector', 'dist')]) {
    for (const name of readdirSync(folder).sort()) {
      if (/\.(mjs|json|js)$/.test(name)) hash.update(readFileSync(join(folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
