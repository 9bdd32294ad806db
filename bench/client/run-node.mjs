// @ts-check
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';

/**
 * @typedef {object} RunOptions
 * @property {string} home the process's own home folder
 * @property {import('./nodes.mjs').NodeRelease} node what runs it
 * @property {Record<string, string>} [env]
 * @property {readonly string[]} [nodeArgs]
 * @property {readonly string[] | undefined} [wrapper] a command that runs the command after it
 * @property {number} [killAfterMs]
 *
 * @typedef {object} Finished
 * @property {number} ms from spawn to exit
 * @property {boolean} isHung it had to be killed
 * @property {number | null} code
 * @property {string} stdout
 * @property {string} stderr
 */

/**
 * Runs a script in an environment built for it. Output goes to pipes only where it is wanted.
 *
 * @param {string} script
 * @param {RunOptions & { output?: boolean }} options
 * @returns {Promise<Finished>}
 */
export function runNode(
  script,
  { home, node, env, nodeArgs = [], wrapper = [], killAfterMs = 12_000, output },
) {
  const sink = output ? 'pipe' : 'ignore';
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const [command = '', ...args] = [...wrapper, node.execPath, ...nodeArgs, script];
    const child = spawn(command, args, {
      cwd: dirname(script),
      env: { PATH: process.env['PATH'] ?? '', HOME: home, ...env },
      stdio: ['ignore', sink, sink],
    });
    let ms = 0;
    let isHung = false;
    let stdout = '';
    let stderr = '';
    const timer = setTimeout(() => {
      isHung = true;
      child.kill('SIGKILL');
    }, killAfterMs);
    child.stdout?.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.once('error', reject);
    child.once('exit', () => {
      ms = performance.now() - started;
      clearTimeout(timer);
    });
    child.once('close', (code) => resolve({ ms, isHung, code, stdout, stderr }));
  });
}

/**
 * Runs a probe of apps/ and reads the JSON it prints.
 *
 * @param {string} script
 * @param {RunOptions} options
 * @returns {Promise<any>}
 */
export async function runProbe(script, options) {
  const { stdout, stderr, code, isHung } = await runNode(script, { ...options, output: true });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (code === 0 && last.startsWith('{')) return JSON.parse(last);
  const problem = isHung ? 'hung' : `ended with ${code}`;
  throw new Error(`${script} ${problem}\n${stdout}${stderr}`);
}
