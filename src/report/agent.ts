import type { Env } from '../platform/platform.js';

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
export const detectAgent = (env: Env): string | null =>
  AGENTS.find(([variable]) => env[variable])?.[1] ?? null;
