import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRecord } from '../type-guards.js';

/** How often Headcount left something out in the program, by its reasons. */
export interface Drops {
  readonly dropped: Readonly<Record<string, number>>;
  readonly droppedFields: Readonly<Record<string, number>>;
  readonly sanitized: Readonly<Record<string, number>>;
}

/** Looks at the `status()` of every instance of Headcount in the Node.js processes of one run. */
export interface DropsWatch {
  /** Variables for that run. */
  readonly env: Readonly<Record<string, string>>;
  /** What was told; `undefined` if no process with an instance has told anything. */
  read(): Drops | undefined;
}

/**
 * Runs in the program, before it. The instances are where copies of the package look for each other;
 * those that are closed leave there, so all that ever came are kept. A process that is killed has told
 * what there was a moment before.
 */
const watcher = (folder: string): string => `'use strict';
const { writeFileSync } = require('node:fs');
const { threadId } = require('node:worker_threads');
const kept = new Set();
class Instances extends Map {
  set(project, instance) {
    kept.add(instance);
    return super.set(project, instance);
  }
}
Object.defineProperty(globalThis, Symbol.for('headcount/v1'), {
  value: new Instances(), configurable: true, writable: true,
});
let last = '';
function tell() {
  if (kept.size === 0) return;
  const text = JSON.stringify([...kept].map(({ headcount }) => {
    const { dropped, droppedFields, sanitized } = headcount.status();
    return { dropped, droppedFields, sanitized };
  }));
  if (text === last) return;
  writeFileSync(${JSON.stringify(folder + path.sep)} + process.pid + '-' + threadId + '.json', text);
  last = text;
}
setInterval(tell, 50).unref();
process.on('exit', tell);
`;

/** Prepares a {@link DropsWatch} in a folder. */
export function watchDrops(folder: string, nodeOptions = ''): DropsWatch {
  const told = path.join(folder, 'told');
  mkdirSync(told);
  const file = path.join(folder, 'watch.cjs');
  writeFileSync(file, watcher(told));
  // As Node.js reads it: quotes around what may have spaces, and backslashes twice.
  const quoted = `"${file.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
  return {
    env: { NODE_OPTIONS: `${nodeOptions} --require ${quoted}`.trim() },
    read() {
      const all = readdirSync(told).flatMap((name) => listIn(path.join(told, name)));
      return all.length === 0
        ? undefined
        : {
            dropped: sum(all, 'dropped'),
            droppedFields: sum(all, 'droppedFields'),
            sanitized: sum(all, 'sanitized'),
          };
    },
  };
}

function listIn(file: string): Record<string, unknown>[] {
  try {
    const list: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(list) ? list.filter(isRecord) : [];
  } catch {
    return []; // the process was killed while it wrote
  }
}

function sum(all: readonly Record<string, unknown>[], key: keyof Drops): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of all) {
    const more = each[key];
    if (!isRecord(more)) continue;
    for (const [reason, count] of Object.entries(more)) {
      if (typeof count === 'number') counts[reason] = (counts[reason] ?? 0) + count;
    }
  }
  return counts;
}
