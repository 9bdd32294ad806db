// @ts-check
import { hex } from './random.mjs';
import { CLONES_PER_IMAGE, IMAGES, PROCESSES, RUNS } from './worlds.mjs';

/**
 * One run of one process, as the schemes see it.
 *
 * @typedef {object} Run
 * @property {Map<string, string>} home What is kept there; empty for a new one.
 * @property {boolean} isWritable
 * @property {string | undefined} machineId What the machine says, true or not.
 * @property {boolean} container
 * @property {boolean} ci
 * @property {number} uid
 * @property {string} features
 * @property {number} processes How many start at the same moment.
 */

/**
 * Every run of a world, in the order of time within each install. A home is one object that is
 * there again in the next run, so the schemes must be asked in this order.
 *
 * @param {import('./worlds.mjs').World} world
 * @param {number} installs
 * @param {() => number} random
 * @returns {Generator<Run>}
 */
export function* runsOf(world, installs, random) {
  const images = Array.from({ length: IMAGES }, () => hex(random, 32));
  const image = () => images[Math.floor(random() * IMAGES)];
  let cloned = { machineId: '', left: 0 };
  /** The home of the install before: what a copy is made of. */
  let previous = new Map();

  for (let install = 0; install < installs; install += 1) {
    if (cloned.left === 0) cloned = { machineId: hex(random, 32), left: CLONES_PER_IMAGE };
    const isClone = random() < world.cloned;
    if (isClone) cloned.left -= 1;
    const own = random() < world.noMachineId ? undefined : hex(random, 32);
    const container = random() < world.containers;
    const losesHome = random() < world.homeLost;
    const isWritable = random() >= world.readOnly;
    const processes = random() < world.parallel ? PROCESSES : 1;
    const features = featuresOf(random);
    let home = random() < world.copied ? new Map(previous) : new Map();
    for (let run = 0; run < RUNS; run += 1) {
      if (container || (losesHome && run === 1)) home = new Map();
      yield {
        home,
        isWritable,
        machineId: container ? image() : isClone ? cloned.machineId : own,
        container,
        ci: false,
        uid: container ? 0 : 1000,
        features,
        processes: run === 0 ? processes : 1,
      };
    }
    previous = home;
    for (let run = 0; run < world.ciRuns; run += 1) {
      yield {
        home: new Map(),
        isWritable: true,
        machineId: image(),
        container: true,
        ci: true,
        uid: 0,
        features: featuresOf(random),
        processes: 1,
      };
    }
  }
}

/**
 * Machine, processor, system and language version, as the first generation takes them. How many
 * values each has, and that few of them are common, is an assumption; more of them would tell more
 * installs apart, and change an ID more often.
 *
 * @param {() => number} random
 */
function featuresOf(random) {
  const common = (/** @type {number} */ values) => Math.floor(values * random() ** 3);
  return [common(3), common(300), common(60), common(12)].join(':');
}
