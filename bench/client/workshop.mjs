// @ts-check
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installHeadcount } from './headcount-install.mjs';
import { installPeers, peersFolder } from './peers-install.mjs';
import { untilUnused } from './until-unused.mjs';

const client = fileURLToPath(new URL('./', import.meta.url));
const SENDERS_GONE_MS = 20_000;
const APP = { name: 'bench-app', version: '1.0.0', private: true, type: 'module' };

/**
 * @typedef {object} Workshop
 * @property {(contender: { name: string }) => string} appFolder
 * @property {() => string} newHome
 * @property {(contender: { kind: string }) => string} modules the contender's node_modules
 * @property {() => Promise<void>} remove
 */

/**
 * Lays out one app folder for each contender, in a temporary folder: the probes, the contender's own
 * files, and `node_modules` with the contender.
 *
 * @param {readonly { name: string, kind: string }[]} contenders
 * @param {(text: string) => void} progress
 * @returns {Workshop}
 */
export function openWorkshop(contenders, progress) {
  const root = mkdtempSync(join(tmpdir(), 'headcount-bench-'));
  const installed = join(root, 'installed');
  let homes = 0;

  const newHome = () => {
    homes += 1;
    const home = join(root, 'homes', String(homes));
    mkdirSync(home, { recursive: true });
    return home;
  };
  /** @type {Workshop['modules']} */
  const modules = ({ kind }) =>
    join(kind === 'headcount' ? installed : peersFolder, 'node_modules');
  /** @type {Workshop['appFolder']} */
  const appFolder = ({ name }) => join(root, 'apps', name);

  try {
    progress('packing and installing headcount');
    installHeadcount(installed, newHome());
    if (contenders.some(({ kind }) => kind === 'peer')) installPeers(newHome(), progress);
    for (const contender of contenders) layOut(contender, appFolder(contender), modules(contender));
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    throw error;
  }
  return { appFolder, newHome, modules, remove: () => removeFolder(root) };
}

/** @param {{ name: string, kind: string }} contender @param {string} folder @param {string} modules */
function layOut({ name, kind }, folder, modules) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(APP));
  cpSync(join(client, 'apps'), folder, { recursive: true });
  const own = join(client, 'contenders', name);
  if (existsSync(own)) cpSync(own, folder, { recursive: true });
  if (kind === 'headcount' || kind === 'peer')
    symlinkSync(modules, join(folder, 'node_modules'), 'dir');
}

/**
 * Senders that outlive their program, for 15 s at most, would lay their folders out anew.
 *
 * @param {string} folder
 */
async function removeFolder(folder) {
  await untilUnused(folder, SENDERS_GONE_MS);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
