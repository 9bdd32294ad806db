// @ts-check
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { installedClosure } from '../installed-closure.mjs';

const ENTRY = 'headcount/dist/index.js';

/** @type {import('../section.mjs').Section} */
export const installSize = {
  name: 'size',
  title: 'Installing',
  columns: [
    { key: 'kb', label: 'unpacked, kB', digits: 0 },
    { key: 'packages', label: 'packages', digits: 0 },
    { key: 'entryKb', label: 'main entry, kB', digits: 0 },
  ],
  note:
    'A production install: the package and everything it depends on; 1 kB is 1 000 bytes of file ' +
    'content. The main entry is what an import reads, minified, of Headcount alone: the others have ' +
    'files of many more.',
  async measure({ workshop, contenders }) {
    return contenders.flatMap((contender) => {
      if (!contender.module) return [];
      const modules = workshop.modules(contender);
      const { bytes, packages } = installedClosure(modules, contender.module);
      const entryKb =
        contender.kind === 'headcount' ? statSync(join(modules, ENTRY)).size / 1000 : null;
      return [{ label: contender.label, metrics: { kb: bytes / 1000, packages, entryKb } }];
    });
  },
};
