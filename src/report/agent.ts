import type { Env } from '../platform/platform.js';

/** Coding agents by a variable they set for the commands they run. */
const AGENTS: readonly (readonly [variable: string, agent: string])[] = [
  ['CLAUDECODE', 'claude-code'], // https://code.claude.com/docs/en/env-vars
  ['GEMINI_CLI', 'gemini-cli'], // https://github.com/google-gemini/gemini-cli: docs/tools/shell.md
  ['CURSOR_AGENT', 'cursor'], // https://docs.cursor.com/en/agent/terminal
  ['CODEX_SANDBOX', 'codex'], // https://github.com/openai/codex: codex-rs/core/src/spawn.rs
];

/** The coding agent that started this process, or `null`: its runs are no person's. */
export const detectAgent = (env: Env): string | null =>
  AGENTS.find(([variable]) => env[variable])?.[1] ?? null;
