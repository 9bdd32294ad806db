import { expect, it } from 'vitest';
import { startProcess } from './support/start-process.js';
import { temporaryFolder } from './support/temporary-folder.js';

/** Lets Node look for the package where nothing is installed. */
const HOOKS = `export const resolve = (name, context, next) =>
  next(name, name === 'pg' ? { ...context, parentURL: 'file:///nothing/is/installed/here.js' } : context);`;

const modulesOf = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

it('a store without its client says how to install it, also for -g and npx', async () => {
  const register = `import { register } from 'node:module'; register(${JSON.stringify(modulesOf(HOOKS))});`;
  const args = ['serve', '--port', '0', '--data', temporaryFolder()];
  const { ended, stderr } = await startProcess(args, {
    HEADCOUNT_STORE: 'postgres://headcount@127.0.0.1:1/headcount',
    NODE_OPTIONS: `--import=${modulesOf(register)}`,
  });
  expect(await ended).toBe(1);
  expect(stderr()).toContain('npm install pg@8;');
  expect(stderr()).toContain('npm install -g pg@8;');
  expect(stderr()).toContain('npx -p headcount-collector -p pg@8 headcount-collector');
  expect(stderr()).not.toContain('    at ');
});
