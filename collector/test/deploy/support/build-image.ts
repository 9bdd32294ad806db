import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ignore from 'ignore';
import { makeBaseRoot } from './base-root.js';
import { readDockerfile, type Stage, type Step } from './read-dockerfile.js';

/** The root of the repository, which is the build's context. */
export const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));
const DOCKERFILE = join(REPOSITORY, 'collector/deploy/docker/Dockerfile');

/** What the Dockerfile makes: files above the base, and how they are run. */
export interface Image {
  /** The root folder of the base. */
  readonly base: string;
  /** What the last stage has put on the base. */
  readonly layer: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly volumes: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly stopSignal: string;
  readonly health: {
    readonly flags: Readonly<Record<string, string>>;
    readonly command: readonly string[];
  };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Images of other sources, which nobody uses any more. */
function removeOld(): void {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith('headcount-image-'))) {
    const folder = join(tmpdir(), name);
    if (Date.now() - statSync(folder).mtimeMs > DAY_MS) rmSync(folder, { recursive: true });
  }
}

/**
 * Does what the Dockerfile says, step by step, in root folders on this machine: each `RUN` in its own
 * mount namespace, changed to that root. Kept in the temporary folder until a file of it changes.
 */
export async function buildImage(): Promise<Image> {
  const isIgnored = readIgnored();
  const folder = join(tmpdir(), `headcount-image-${hashOf(isIgnored)}`);
  const description = join(folder, 'image.json');
  if (!existsSync(description)) {
    removeOld();
    const draft = `${folder}.draft-${process.pid}`;
    mkdirSync(join(draft, 'base'), { recursive: true });
    makeBaseRoot(join(draft, 'base'));
    const stages = readDockerfile(DOCKERFILE);
    let image: Omit<Image, 'base' | 'layer'> | undefined;
    for (const [at, stage] of stages.entries()) image = await runStage(stage, at, draft, isIgnored);
    const layer = `stage-${stages.length - 1}`;
    writeFileSync(join(draft, 'image.json'), JSON.stringify({ ...image, base: 'base', layer }));
    for (const [at] of stages.slice(1).entries()) {
      rmSync(join(draft, `stage-${at}`), { recursive: true });
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  }
  const image = JSON.parse(readFileSync(description, 'utf8')) as Image;
  return { ...image, base: join(folder, image.base), layer: join(folder, image.layer) };
}

type Ignored = (path: string) => boolean;

/** The patterns of the file are those that Docker and Git read alike. */
function readIgnored(): Ignored {
  const rules = ignore().add(readFileSync(`${DOCKERFILE}.dockerignore`, 'utf8'));
  return (path) => {
    const name = relative(REPOSITORY, path);
    return name !== '' && rules.ignores(name);
  };
}

function hashOf(isIgnored: Ignored): string {
  const hash = createHash('sha256').update(process.version);
  const add = (path: string): void => {
    if (isIgnored(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) add(join(path, name));
    } else hash.update(`${relative(REPOSITORY, path)}\0`).update(readFileSync(path));
  };
  for (const name of readdirSync(REPOSITORY).sort()) {
    if (name !== '.git') add(join(REPOSITORY, name));
  }
  const own = ['base-root.ts', 'build-image.ts', 'read-dockerfile.ts'];
  for (const path of [
    DOCKERFILE,
    ...own.map((name) => fileURLToPath(new URL(name, import.meta.url))),
  ])
    hash.update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

async function runStage(
  { steps }: Stage,
  at: number,
  folder: string,
  isIgnored: Ignored,
): Promise<Omit<Image, 'base' | 'layer'>> {
  const layer = join(folder, `stage-${at}`);
  mkdirSync(layer);
  const env: Record<string, string> = {};
  const args: Record<string, string> = {};
  const made = {
    ...{ user: '0:0', stopSignal: 'SIGTERM', volumes: [] as readonly string[] },
    ...{ entrypoint: [] as readonly string[], command: [] as readonly string[] },
    health: { flags: {}, command: [] as readonly string[] } as Image['health'],
  };
  let workdir = '/';
  const steering: Record<string, (step: Step) => void | Promise<void>> = {
    WORKDIR: ({ text }) => {
      workdir = resolve(workdir, text);
      mkdirSync(join(layer, workdir), { recursive: true });
    },
    COPY: (step) => copy(step, { layer, workdir, folder, isIgnored }),
    RUN: (step) => run(step, { layer, workdir, folder, env: { ...args, ...env }, user: made.user }),
    // With its default: no argument is given.
    ARG: ({ text }) => {
      const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(text) ?? [];
      args[name] = value;
    },
    ENV: ({ text }) => {
      for (const [, name = '', value = ''] of text.matchAll(/(\w+)=(\S+)/g)) env[name] = value;
    },
    USER: ({ text }) => void (made.user = text),
    VOLUME: ({ words }) => void (made.volumes = words),
    STOPSIGNAL: ({ text }) => void (made.stopSignal = text),
    ENTRYPOINT: (step) => void (made.entrypoint = listOf(step)),
    CMD: (step) => void (made.command = listOf(step)),
    HEALTHCHECK: (step) => void (made.health = { flags: step.flags, command: listOf(step) }),
    LABEL: () => undefined,
    EXPOSE: () => undefined,
  };
  for (const step of steps) {
    const carryOut = steering[step.keyword];
    if (carryOut === undefined) throw new Error(`No test carries out ${step.keyword}.`);
    await carryOut(step);
  }
  return { ...made, env };
}

function listOf({ keyword, words, isList }: Step): readonly string[] {
  // A shell in between would be process 1, and would pass no signal on.
  if (!isList) throw new Error(`${keyword} is no list.`);
  return words;
}

interface CopyPlace {
  readonly layer: string;
  readonly workdir: string;
  readonly folder: string;
  readonly isIgnored: Ignored;
}

/** Copies as Docker does: of a folder, its content. */
function copy({ words, flags }: Step, { layer, workdir, folder, isIgnored }: CopyPlace): void {
  const { from, ...others } = flags;
  if (Object.keys(others).length > 0) throw new Error(`No test knows ${JSON.stringify(others)}.`);
  // There is one stage to copy from.
  const source = from === undefined ? REPOSITORY : join(folder, 'stage-0');
  const [target = '', ...paths] = [...words].reverse();
  const goal = join(layer, resolve(workdir, target));
  const isFolder = target.endsWith('/') || paths.length > 1;
  for (const path of paths) {
    const file = join(source, path);
    const isFile = !statSync(file).isDirectory();
    cpSync(file, isFile && isFolder ? join(goal, basename(path)) : goal, {
      ...{ recursive: true, verbatimSymlinks: true },
      ...(from === undefined && { filter: (one: string) => !isIgnored(one) }),
    });
  }
}

interface RunPlace {
  readonly layer: string;
  readonly workdir: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a builder is told of the network that it is in; as Docker's own build arguments, no part of the image. */
const PASSED = /^(https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|npm_config_registry)$/i;

async function run(
  { text, flags }: Step,
  { layer, workdir, folder, env, user }: RunPlace,
): Promise<void> {
  const work = mkdirOf(join(folder, 'work'));
  const root = mkdirOf(join(folder, 'root'));
  const mounts = [
    `mount -t overlay overlay -o lowerdir=${folder}/base,upperdir=${layer},workdir=${work} ${root}`,
  ];
  mounts.push(`mount -t proc proc ${root}/proc`, `mount --rbind /dev ${root}/dev`);
  if (flags['mount'] !== undefined) {
    const [, target] = /^type=cache,target=([^,]+)$/.exec(flags['mount']) ?? [];
    if (target === undefined) throw new Error(`No test carries out --mount=${flags['mount']}.`);
    const cache = execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim();
    mounts.push(`mkdir -p ${root}${target}`, `mount --bind ${mkdirOf(cache)} ${root}${target}`);
  }
  const passed = Object.entries(process.env).filter(([name]) => PASSED.test(name));
  const given = Object.entries({ PATH, HOME: '/root', ...Object.fromEntries(passed), ...env });
  const script = [...mounts, `exec chroot --userspec=${user} ${root} "$@"`].join(' && ');
  const inside = ['/bin/sh', '-c', `cd ${workdir} && ${text}`];
  const settings = given.map(([name, value]) => `${name}=${value ?? ''}`);
  // Not by the synchronous function: it would hold up what the test runner is told.
  await promisify(execFile)(
    'unshare',
    [
      '--mount',
      '--pid',
      '--fork',
      'sh',
      '-c',
      script,
      'run',
      '/usr/bin/env',
      '-i',
      ...settings,
      ...inside,
    ],
    { timeout: 280_000, maxBuffer: 64 * 1024 * 1024 },
  );
}

function mkdirOf(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}
