import type { Env, Platform } from '../platform/platform.js';
import { isCoarseSemver } from '../wire/manifest.js';
import type { ReportInfo } from '../wire/report.js';
import { CI_HINTS } from './ci-hints.js';
import { isContainer } from './container.js';

/** What every report of a process says of it; the ID's own facts come when it is sent. */
export type Facts = Omit<ReportInfo, 'id_source' | 'id_persisted'>;

/** The names that Python's `platform.system()` gives, as collectors of the first generation know them. */
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

/** Which CI system the environment names, if any. */
export type CiDetector = (env: Env) => string | null;

/**
 * The coarse facts about the app, its runtime and its system.
 *
 * @param clean - the last look at each text that is not out of a table here
 */
export function collectFacts(
  version: string,
  { env, system, files }: Pick<Platform, 'env' | 'system' | 'files'>,
  detectCi: CiDetector,
  clean: (text: string) => string,
): Facts {
  const release = system.release();
  return {
    os: SYSTEM_NAMES[system.platform] ?? clean(system.platform),
    os_version: clean(majorMinor(release)),
    arch: clean(system.arch),
    version: clean(coarseVersion(version)),
    runtime: system.runtime,
    runtime_version: clean(majorMinor(system.runtimeVersion)),
    ci: mayBeCi(env) ? detectCi(env) : null,
    container: isContainer(files),
    // Its kernel is Microsoft's, and says so: `5.15.90.1-microsoft-standard-WSL2`.
    wsl: system.platform === 'linux' && /microsoft/i.test(release),
    agent: detectAgent(env),
  };
}

/** Whether any variable is set by which a CI system is told. Never false inside one. */
export const mayBeCi = (env: Env): boolean =>
  CI_HINTS.some((hint) => (typeof hint === 'string' ? env[hint] : env[hint[0]]?.includes(hint[1])));

/** `6.18` of `6.18.5-generic`: a full release number tells machines apart. */
const majorMinor = (version: string): string => /^\d+(\.\d+)?/.exec(version)?.[0] ?? 'unknown';

const WORDS = new Set(['unknown', 'dev', 'development', 'nightly', 'canary', 'next', 'latest']);
const NUMBERS = /^v?(\d{1,8}(\.\d{1,8}){0,3})(?![\w])/;

/**
 * A version with nothing of somebody's own in it: numbers, and a well-known prerelease. What is
 * beside them (a branch, a commit, a build machine) becomes `-other`.
 *
 * @example
 * coarseVersion('2.3.1-beta.4'); //=> '2.3.1-beta.4'
 * coarseVersion('2.3.1-5-g1a2b3c4-dirty'); //=> '2.3.1-other'
 * coarseVersion('ada/feature'); //=> 'other'
 */
function coarseVersion(version: string): string {
  if (isCoarseSemver(version) || WORDS.has(version)) return version;
  const [all = '', numbers] = NUMBERS.exec(version) ?? [];
  if (numbers === undefined) return 'other';
  return all === version ? numbers : `${numbers}-other`;
}

/**
 * Coding agents by a variable that they set for the commands they run, with where that is said. The
 * first one that is set names the agent. A line more is all that another agent needs.
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
 * The coding agent that started this process, or `null`. Only a name of the table is ever reported,
 * never a variable's value.
 */
const detectAgent = (env: Env): string | null =>
  AGENTS.find(([variable]) => env[variable])?.[1] ?? null;
