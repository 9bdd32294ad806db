// @ts-check
import { createHash } from 'node:crypto';
import { hex } from './random.mjs';

/** @typedef {import('./runs.mjs').Run} Run */
/** @param {string} text */
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/**
 * A random UUID that each process writes into a file of its home if there is none yet.
 *
 * @param {() => number} random
 */
export function uuidInFile(random) {
  const ids = new Set();
  return {
    /** @param {Run} run */
    async take({ home, isWritable, processes }) {
      const kept = home.get('uuid');
      // All that start together look before any has written.
      for (let process = 0; process < (kept ? 1 : processes); process += 1) {
        const id = kept ?? hex(random, 32);
        ids.add(id);
        if (isWritable) home.set('uuid', id);
      }
    },
    count: () => ids.size,
  };
}

/** SHA-256 of what node-machine-id says, as it comes; of nothing where it says nothing. */
export function rawMachineHash() {
  const ids = new Set();
  return {
    /** @param {Run} run */
    async take({ machineId }) {
      ids.add(sha256(machineId ?? ''));
    },
    count: () => ids.size,
  };
}

/** A hash of the machine's features, kept nowhere. */
export function featuresHash() {
  const ids = new Set();
  return {
    /** @param {Run} run */
    async take({ features }) {
      ids.add(sha256(features));
    },
    count: () => ids.size,
  };
}
