import type { Env, Platform } from '../platform/platform.js';
import type { Setup } from '../project/setup.js';
import type { ReportInfo } from '../wire/report.js';
import { channelOf } from './channel.js';
import { CI_HINTS } from './ci-hints.js';
import { isContainer } from './container.js';

/** The facts in every report of a process. The sender adds the facts about the ID. */
export type Facts = Omit<ReportInfo, 'id_source' | 'id_persisted' | 'level'>;

/** The names of Python's `platform.system()`, which first-generation collectors expect. */
const SYSTEM_NAMES: Readonly<Record<string, string>> = {
  linux: 'Linux',
  darwin: 'Darwin',
  win32: 'Windows',
  freebsd: 'FreeBSD',
  openbsd: 'OpenBSD',
  sunos: 'SunOS',
  aix: 'AIX',
  android: 'Android',
};

/** Makes facts that most reports do not need. */
export interface RareFacts {
  /** Which CI system the environment names, if any. Called if it may name one. */
  readonly ci: (env: Env) => string | null;
  /** A version without anything personal. Called for one that is not like `2.3.1`. */
  readonly version: (version: string) => string;
}

/** What is known of the way that the app was installed. */
export type Origin = Pick<Setup, 'channel' | 'file'>;

/**
 * The coarse facts about the app, its runtime and its system.
 *
 * @param clean - the final check of each text that does not come from a table in this file
 */
export function collectFacts(
  version: string,
  { env, system, files }: Pick<Platform, 'env' | 'system' | 'files'>,
  rare: RareFacts,
  clean: (text: string) => string,
  { channel, file }: Origin = {},
): Facts {
  const release = system.release();
  const container = isContainer(files);
  return {
    os: SYSTEM_NAMES[system.platform] ?? clean(system.platform),
    os_version: clean(coarseRelease(system.platform, release)),
    arch: clean(system.arch),
    version: clean(isPlainVersion(version) ? version : rare.version(version)),
    runtime: system.runtime,
    runtime_version: clean(majorMinor(system.runtimeVersion)),
    ci: mayBeCi(env) ? rare.ci(env) : null,
    container,
    // The kernel of WSL is named so: `5.15.90.1-microsoft-standard-WSL2`.
    wsl: system.platform === 'linux' && release.toLowerCase().includes('microsoft'),
    agent: detectAgent(env),
    channel: channel ?? channelOf(file, env, container),
  };
}

/** Whether any variable of a CI system is set. Never false inside a known CI system. */
export const mayBeCi = (env: Env): boolean =>
  CI_HINTS.some((hint) => (typeof hint === 'string' ? env[hint] : env[hint[0]]?.includes(hint[1])));

function majorMinor(version: string): string {
  const major = Number.parseInt(version, 10);
  const minor = Number.parseInt(version.slice(version.indexOf('.') + 1), 10);
  if (!(major >= 0)) return 'unknown';
  return version.startsWith(`${major}.${minor}`) ? `${major}.${minor}` : `${major}`;
}

/**
 * `6.18` of `6.18.5-generic`: a full release number would help to identify a machine. Windows 11
 * still calls itself 10.0, and is known by its build; a server has that of a desktop.
 */
function coarseRelease(platform: string, release: string): string {
  const [, build] = (platform === 'win32' && /^10\.0\.(\d+)/.exec(release)) || [];
  return build ? (Number(build) < 22_000 ? '10' : '11') : majorMinor(release);
}

/**
 * Coding agents by the variable that they set for their commands, with the source of each. The
 * first set variable decides. To add an agent, add a line.
 */
const AGENTS: readonly (readonly [variable: string, agent: string])[] = [
  ['CLAUDECODE', 'claude-code'], // https://code.claude.com/docs/en/env-vars
  ['GEMINI_CLI', 'gemini-cli'], // https://github.com/google-gemini/gemini-cli: docs/tools/shell.md
  ['CURSOR_AGENT', 'cursor'], // https://docs.cursor.com/en/agent/terminal
  ['CODEX_SANDBOX', 'codex'], // https://github.com/openai/codex: codex-rs/core/src/spawn.rs
  ['CODEX_THREAD_ID', 'codex'], // https://github.com/unjs/std-env: src/agents.ts
  ['CLINE_ACTIVE', 'cline'], // https://github.com/cline/cline/discussions/5366
  ['AUGMENT_AGENT', 'augment'], // https://github.com/unjs/std-env: src/agents.ts
  ['OPENCODE', 'opencode'], // https://github.com/unjs/std-env: src/agents.ts
  ['OPENCODE_CLIENT', 'opencode'], // https://github.com/vercel/vercel: packages/detect-agent
  ['ANTIGRAVITY_AGENT', 'antigravity'], // https://github.com/vercel/vercel: packages/detect-agent
  ['GOOSE_TERMINAL', 'goose'], // https://github.com/block/goose: crates/goose-mcp, the shell tool
  ['AI_AGENT', 'other'], // the common name: https://github.com/agentsmd/agents.md/issues/136
];

/**
 * The coding agent that started this process, or `null`. Reports contain only names from the
 * table, never a variable's value.
 */
const detectAgent = (env: Env): string | null => AGENTS.find((agent) => env[agent[0]])?.[1] ?? null;

/** Whether a version is like `2.3.1`, as most are. */
function isPlainVersion(version: string): boolean {
  if (version.length > 14) return false;
  let dots = 0;
  for (let at = 0; at < version.length; at += 1) {
    const code = version.charCodeAt(at);
    const isDot = code === 0x2e;
    if (!isDot && !(code >= 0x30 && code <= 0x39)) return false;
    if (isDot && (at === 0 || version[at - 1] === '.')) return false;
    if (isDot) dots += 1;
  }
  return dots === 2 && !version.endsWith('.');
}
