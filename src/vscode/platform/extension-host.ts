import type { ReportInfo } from '../../wire/report.js';

/** What is there of Node.js in an extension host: nothing in that of a browser. */
interface Globals {
  readonly process?: {
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly platform?: string;
    readonly arch?: string;
  };
}

const { process } = globalThis as Globals;
const SYSTEMS = new Map([
  ['darwin', 'Darwin'],
  ['linux', 'Linux'],
  ['win32', 'Windows'],
]);
const os = SYSTEMS.get(process?.platform ?? '');

/** What is known of the machine that runs the extension. */
export const extensionHost = {
  env: process?.env ?? {},
  facts: {
    os: os ?? 'unknown',
    ...(os !== undefined && process?.arch !== undefined && { arch: process.arch }),
    runtime: 'vscode',
  } satisfies Partial<ReportInfo>,
  fetch: (...request: Parameters<typeof fetch>) => fetch(...request),
};
