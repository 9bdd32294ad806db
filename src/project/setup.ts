import { ownOnly } from '../own-only.js';
import type { Files, Platform } from '../platform/platform.js';
import { TEST_COLLECTOR } from '../consent/test-runners.js';
import type { Channel } from '../wire/report.js';
import {
  DEFAULT_ENDPOINT,
  type Endpoint,
  type EndpointFault,
  isPortHere,
  plainEndpoint,
} from './endpoint.js';
import { type App, findApp } from './find-app.js';

/** The project, its version, and the endpoint for its reports. */
export interface Setup {
  readonly project: string;
  readonly version: string;
  readonly endpoint: Endpoint;
  /** How the app was installed, if its code says so. */
  readonly channel?: Channel | undefined;
  /** The real path of the script or module that the app was found by, if it was. */
  readonly file?: string | undefined;
}

/** Why there is no project, or no usable endpoint. */
export type SetupFault = 'no-project' | `endpoint-${EndpointFault}`;

/** What most programs do not need to find their project. */
export interface SetupTools {
  /** Reads an endpoint that is not plain. */
  parseEndpoint(
    text: string,
    how: { readonly allowInsecure: boolean; readonly implicit: boolean },
  ): Endpoint | EndpointFault;
  /** The path of a module of the app, if there is such a file. */
  presentModule(module: string, files: Pick<Files, 'stat'>): string | undefined;
}

/** The options that name project, version and endpoint in the code. */
export interface SetupOptions {
  readonly project?: string;
  readonly version?: string;
  readonly packageJson?: string;
  readonly endpoint?: string;
  readonly allowInsecure: boolean;
  readonly channel?: Channel;
}

const MAX_VERSION_LENGTH = 64;
const MAX_PROJECT_LENGTH = 214; // npm's own limit of a package's name

/**
 * Takes project, version and endpoint from the code, else from the environment (only the
 * endpoint), else from the app's package.json. A bad value outside the code is returned as a fault
 * and never throws.
 */
export function resolveSetup(
  options: SetupOptions,
  platform: Platform,
  tools: () => SetupTools | undefined,
): Setup | SetupFault {
  const { packageJson } = options;
  const module = packageJson && tools()?.presentModule(packageJson, platform.files);
  const app = findApp(platform, module);
  const project = options.project ?? app?.name;
  if (project === undefined || project.length > MAX_PROJECT_LENGTH) return 'no-project';
  const endpoint = chooseEndpoint(options, platform, app, tools);
  if (typeof endpoint === 'string') return `endpoint-${endpoint}`;
  const version = options.version ?? app?.version ?? 'unknown';
  const { channel } = options;
  const file = app?.file;
  return { project, version: version.slice(0, MAX_VERSION_LENGTH), endpoint, channel, file };
}

function chooseEndpoint(
  { endpoint, allowInsecure }: SetupOptions,
  { env }: Platform,
  app: App | undefined,
  tools: () => SetupTools | undefined,
): Endpoint | EndpointFault {
  const test = env[TEST_COLLECTOR];
  // What a test reports must never reach a real collector.
  if (test && !isPortHere(test)) return 'insecure';
  const fromEnvironment =
    test || (endpoint === undefined && env['HEADCOUNT_ENDPOINT']) || undefined;
  const named = fromEnvironment ?? endpoint ?? app?.endpoint;
  const implicit = named === undefined;
  const text = named ?? DEFAULT_ENDPOINT;
  const parsed =
    plainEndpoint(text, implicit) ??
    tools()?.parseEndpoint(text, { allowInsecure, implicit }) ??
    'not-a-url';
  const isOther = fromEnvironment !== undefined && fromEnvironment !== app?.endpoint;
  return isOther && typeof parsed !== 'string'
    ? ownOnly<Endpoint>({ ...parsed, fromEnvironment: true })
    : parsed;
}

/**
 * The setup with the address of a collector on this machine, if no endpoint is configured and a
 * collector has written its address.
 *
 * @param file - where a collector writes it; `undefined` without a home
 * @param read - reads and checks the file. Called only if it exists
 */
export function withLocalCollector(
  setup: Setup,
  file: string | undefined,
  platform: Pick<Platform, 'files'>,
  read: (file: string) => Endpoint | undefined,
): Setup {
  if (!setup.endpoint.implicit || file === undefined) return setup;
  try {
    const endpoint = platform.files.stat(file) && read(file);
    return endpoint ? { ...setup, endpoint } : setup;
  } catch {
    return setup; // this user may not read the folder
  }
}
