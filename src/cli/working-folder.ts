import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { WorkingFolder } from './command.js';

/** The working folder of this process. Its files belong to the author and get default rights. */
export const workingFolder: WorkingFolder = {
  read(name) {
    const file = path.resolve(process.cwd(), name);
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
  },
  write: (name, text) => fs.writeFileSync(path.resolve(process.cwd(), name), text),
};
