// @ts-check
import { execFileSync } from 'node:child_process';

/** What npm needs to reach the registry from here; nothing else of the caller's environment. */
const PASSED =
  /^(PATH|HTTPS?_PROXY|NO_PROXY|NODE_EXTRA_CA_CERTS|npm_config_(registry|cafile|proxy|https_proxy|noproxy))$/i;
const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent'];

/**
 * Runs npm with a home of its own, quietly and without any package's scripts.
 *
 * @param {readonly string[]} args
 * @param {{ cwd: string, home: string }} where
 */
export function npm(args, { cwd, home }) {
  const passed = Object.entries(process.env).filter(([name]) => PASSED.test(name));
  const env = { ...Object.fromEntries(passed), HOME: home };
  return execFileSync('npm', [...args, ...QUIET], { cwd, env, encoding: 'utf8' });
}
