import process from 'node:process';
import type { Env } from '../../platform/platform.js';
import { UNREADABLE_VARIABLE } from '../../consent/unreadable-variable.js';

/**
 * `process.env` as text, whatever the app has put in its place. Values are texts as
 * `process.env` would have made them, and `Object.prototype` sets no variable.
 */
export const processEnv: Env = new Proxy<Env>(
  {},
  {
    get(_, name) {
      try {
        const { env } = process;
        const isInherited = name in Object.prototype && !Object.hasOwn(env, name);
        const value = isInherited ? undefined : env[name as string];
        // A program can replace process.env by an object with any values.
        return value === undefined ? undefined : String(value);
      } catch {
        return UNREADABLE_VARIABLE;
      }
    },
  },
);
