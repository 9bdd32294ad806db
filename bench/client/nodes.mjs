// @ts-check
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './npm.mjs';

/** The releases that the figures are promised for. */
const MAJORS = ['20', '24'];

const repo = fileURLToPath(new URL('../../', import.meta.url));
/** Which release of a major is taken; the fault tests run on the same ones. */
const PINNED = join(repo, 'test/faults/runtimes/package.json');
/** Kept between runs. */
const FOLDER = join(repo, 'node_modules/.cache/bench-nodes');

/**
 * @typedef {object} NodeRelease
 * @property {string} major
 * @property {string} version
 * @property {string} execPath
 */

/**
 * The Node.js that runs the benchmark, then the other majors, which npm installs.
 *
 * @param {boolean} thisNodeOnly
 * @param {string} home of npm
 * @param {(text: string) => void} progress
 * @returns {NodeRelease[]}
 */
export function findNodes(thisNodeOnly, home, progress) {
  const own = describe(process.version, process.execPath);
  if (thisNodeOnly) return [own];
  const { dependencies } = JSON.parse(readFileSync(PINNED, 'utf8'));
  const others = MAJORS.filter((major) => major !== own.major).map((major) => {
    const name = Object.keys(dependencies).find((key) => key.startsWith(`node-${major}`));
    if (!name) throw new Error(`${PINNED} names no Node.js ${major}`);
    const execPath = install(name, dependencies[name], home, progress);
    return describe(execFileSync(execPath, ['--version'], { encoding: 'utf8' }).trim(), execPath);
  });
  return [own, ...others];
}

/** @param {string} version @param {string} execPath @returns {NodeRelease} */
const describe = (version, execPath) => ({
  major: /^v(\d+)/.exec(version)?.[1] ?? version,
  version,
  execPath,
});

/**
 * @param {string} name
 * @param {string} wanted
 * @param {string} home
 * @param {(text: string) => void} progress
 */
function install(name, wanted, home, progress) {
  const folder = join(FOLDER, name);
  const execPath = join(folder, 'node_modules', name, 'bin/node');
  const manifest = join(folder, 'package.json');
  const content = JSON.stringify({ private: true, dependencies: { [name]: wanted } });
  const isInstalled = existsSync(execPath) && readFileSync(manifest, 'utf8') === content;
  if (!isInstalled) {
    progress(`installing ${wanted}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(manifest, content);
    npm(['install', '--no-package-lock'], { cwd: folder, home });
  }
  return execPath;
}

/**
 * Headcount and the apps it is compared with on each release, the peers on the first alone.
 *
 * @template {{ label: string, kind: string }} T
 * @param {readonly T[]} contenders
 * @param {readonly NodeRelease[]} nodes
 */
export const onEachNode = (contenders, nodes) =>
  nodes.flatMap((node) =>
    contenders
      .filter(({ kind }) => kind !== 'peer' || node === nodes[0])
      .map((contender) => ({
        contender,
        node,
        label: contender.label,
        group: node.major,
        isBase: contender.kind === 'none',
      })),
  );
