// @ts-check
import { installedClosure } from '../installed-closure.mjs';

/** @type {import('../section.mjs').Section} */
export const installSize = {
  name: 'size',
  title: 'Installing',
  columns: [
    { key: 'kb', label: 'unpacked, kB', digits: 0 },
    { key: 'packages', label: 'packages', digits: 0 },
  ],
  note:
    'A production install: the package and everything it depends on; 1 kB is 1 000 bytes of file ' +
    'content.',
  async measure({ workshop, contenders }) {
    return contenders.flatMap((contender) => {
      if (!contender.module) return [];
      const { bytes, packages } = installedClosure(workshop.modules(contender), contender.module);
      return [{ label: contender.label, metrics: { kb: bytes / 1000, packages } }];
    });
  },
};
