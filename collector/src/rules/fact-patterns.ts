import { CHANNELS } from 'headcount/wire';
import { UNKNOWN } from './dimensions.js';
import { OTHER } from './limits.js';

/** The facts of a report that are texts. */
export const TEXT_FACTS = [
  'os',
  'version',
  'os_version',
  'arch',
  'runtime',
  'runtime_version',
  'agent',
  'channel',
  'level',
] as const;

/** One of {@link TEXT_FACTS}. */
export type TextFact = (typeof TEXT_FACTS)[number];

/** What a project's manifest lists for its facts. A text that ends in `*` is the start of values. */
export type ListedFacts = Readonly<Partial<Record<TextFact, readonly string[]>>>;

/** `2.3.1`, `v1.0`, `2024.11`, `1.2.3-beta.1+build.5`, `1.0rc1`, `1!2.0.post1`. */
const NUMBERED = /^v?(\d{1,4}!)?\d{1,10}(\.\d{1,10}){0,5}([-+._~]?[\da-z]+([-+._~][\da-z]+)*)?$/i;

/** What programs without a number call themselves. */
const UNNUMBERED = new Set(
  'alpha beta canary dev develop development edge experimental git head latest local main master next nightly preview rc snapshot stable test trunk unreleased'.split(
    ' ',
  ),
);

/** Systems as Python's `platform.system()`, Node.js, Go and Rust name them. */
const SYSTEMS = new Set(
  [
    'Linux linux Darwin darwin macOS macos Windows windows win32 Android android iOS ios iPadOS',
    'FreeBSD freebsd OpenBSD openbsd NetBSD netbsd DragonFly dragonfly SunOS sunos Solaris solaris',
    'illumos AIX aix HP-UX Haiku haiku GNU GNU/kFreeBSD Java Cygwin cygwin OS400 z/OS QNX Fuchsia',
    'fuchsia ChromeOS Emscripten emscripten WASI wasi Plan9 plan9',
  ].flatMap((line) => line.split(' ')),
);

/** `CYGWIN_NT-10.0-19045`, as Python names Windows below Cygwin and MSYS2. */
const WINDOWS_SHELL =
  /^(CYGWIN|MINGW32|MINGW64|MSYS|UCRT64|CLANG64)_NT-\d{1,3}\.\d{1,3}(-\d{1,6})?$/;

const PROCESSORS = new Set(
  [
    'x64 x86_64 amd64 AMD64 ia32 x86 i386 i486 i586 i686 arm64 ARM64 aarch64 arm64e arm armv5l',
    'armv5tel armv6l armv7 armv7l armv8l armhf ppc ppc64 ppc64le powerpc powerpc64 powerpc64le s390',
    's390x mips mipsel mipsle mips64 mips64el mips64le loong64 loongarch64 riscv riscv32 riscv64',
    'sparc sparc64 sparcv9 sun4v alpha hppa ia64 m68k wasm wasm32 wasm64 universal',
  ].flatMap((line) => line.split(' ')),
);

const RUNTIMES = new Set(
  [
    'node bun deno electron nw workerd workers edge vercel netlify fastly llrt txiki quickjs hermes',
    'browser chrome firefox safari vscode python cpython pypy python3 ruby jruby truffleruby go rust',
    'java jvm kotlin scala graalvm dotnet mono php hhvm perl lua luajit r julia swift erlang beam',
    'elixir haskell ocaml dart flutter c c++ zig nim crystal sh bash zsh fish powershell wasmtime',
    'wasmer native',
  ].flatMap((line) => line.split(' ')),
);

/** `XP` and `2012ServerR2`, as Python names releases of Windows, beside numbers. */
const NAMED_RELEASES = new Set(['XP', 'Vista', 'post2012ServerR2', 'post11']);

const WAYS_OF_INSTALLING: ReadonlySet<string> = new Set(CHANNELS);

/** What users let be reported. */
const LEVELS: ReadonlySet<string> = new Set(['full', 'basic']);

/** Coding agents are named by a word. */
const AGENT = /^[a-z][a-z\d._-]{0,31}$/;

const isVersion = (text: string): boolean =>
  NUMBERED.test(text) || UNNUMBERED.has(text.toLowerCase());

const PATTERNS: Readonly<Record<TextFact, (text: string) => boolean>> = {
  os: (text) => SYSTEMS.has(text) || WINDOWS_SHELL.test(text),
  version: isVersion,
  os_version: (text) => NUMBERED.test(text) || NAMED_RELEASES.has(text),
  arch: (text) => PROCESSORS.has(text),
  runtime: (text) => RUNTIMES.has(text),
  runtime_version: isVersion,
  agent: (text) => AGENT.test(text),
  channel: (text) => WAYS_OF_INSTALLING.has(text),
  level: (text) => LEVELS.has(text),
};

/**
 * Whether a fact may be counted under its own value: it is what its project lists, or, if that lists
 * nothing, what such facts look like. `unknown` and `other` always may.
 */
export function isExpected(name: TextFact, value: string, listed: ListedFacts = {}): boolean {
  if (value === UNKNOWN || value === OTHER) return true;
  const list = listed[name];
  if (list === undefined) return PATTERNS[name](value);
  return list.some((one) =>
    one.endsWith('*') ? value.startsWith(one.slice(0, -1)) : value === one,
  );
}

const WELL_KNOWN: Readonly<Partial<Record<TextFact, ReadonlySet<string>>>> = {
  os: SYSTEMS,
  arch: PROCESSORS,
  runtime: RUNTIMES,
  channel: WAYS_OF_INSTALLING,
  level: LEVELS,
};

/** Whether a value is one of a few that the collector knows by itself. */
export const isWellKnown = (name: TextFact, value: string): boolean =>
  WELL_KNOWN[name]?.has(value) === true;
