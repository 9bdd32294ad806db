// @ts-check
/**
 * What happens to installs, as shares of all of them. Few of these were ever measured in public, so
 * each says where it is from; change them here, and the table follows.
 *
 * @typedef {object} World
 * @property {string} name
 * @property {string} about
 * @property {number} noMachineId Has no usable machine ID.
 * @property {number} homeLost Loses its home, or the folder in it, once.
 * @property {number} readOnly Can keep nothing.
 * @property {number} containers Works in containers that are built anew for each run.
 * @property {number} copied Its home is a copy of another install's, with files in it.
 * @property {number} cloned Is one of several machines made from one image that kept its machine ID.
 * @property {number} parallel Starts with several processes at once.
 * @property {number} ciRuns Runs of CI for each install.
 */

/** @type {World} */
const NOTHING = {
  name: '',
  about: '',
  noMachineId: 0,
  homeLost: 0,
  readOnly: 0,
  containers: 0,
  copied: 0,
  cloned: 0,
  parallel: 0,
  ciRuns: 0,
};

/** @type {readonly World[]} */
export const WORLDS = [
  {
    ...NOTHING,
    name: 'homes persist',
    about: 'desktops and servers of their own',
    // Assumption. Alpine and others without systemd; policies that forbid the registry's tools on
    // Windows: https://github.com/automation-stack/node-machine-id/issues/56
    noMachineId: 0.04,
    homeLost: 0.03, // assumption: a cleaned-up ~/.config, a new user folder
    readOnly: 0.002, // assumption
    copied: 0.005, // assumption: dotfiles that are synced with everything in them
    parallel: 0.1, // assumption: a build tool that starts its workers with the first run
    ciRuns: 2, // assumption
  },
  {
    ...NOTHING,
    name: 'homes lost',
    about: 'machines whose users’ folders are reset',
    noMachineId: 0.04,
    homeLost: 1,
    parallel: 0.1,
  },
  {
    ...NOTHING,
    name: 'containers',
    about: 'half of all work in containers that are built anew',
    noMachineId: 0.04,
    containers: 0.5,
    readOnly: 0.05,
    ciRuns: 5,
  },
  {
    ...NOTHING,
    name: 'copied homes',
    about: 'a third of all homes made from another one, on machines with IDs of their own',
    copied: 0.33,
    parallel: 0.1,
  },
  {
    ...NOTHING,
    name: 'parallel first runs',
    about: 'every install starts with several processes',
    noMachineId: 0.5,
    parallel: 1,
  },
  {
    ...NOTHING,
    name: 'CI',
    about: 'twenty runs of CI for each person',
    noMachineId: 0.04,
    ciRuns: 20,
  },
  {
    ...NOTHING,
    name: 'all of it',
    about: 'a mixture, with images whose machine ID was never renewed',
    noMachineId: 0.04,
    homeLost: 0.03,
    readOnly: 0.005,
    containers: 0.1,
    copied: 0.01,
    // Assumption. systemd asks image builders to ship an empty machine-id (machine-id(5)), and
    // cloud images do; templates made by hand do not:
    // https://github.com/automation-stack/node-machine-id/issues/30
    cloned: 0.01,
    parallel: 0.1,
    ciRuns: 5,
  },
];

/** Machines of one image that kept its machine ID. */
export const CLONES_PER_IMAGE = 5;
/** Runs of each install, and processes of a parallel first run. */
export const RUNS = 3;
export const PROCESSES = 4;
/** Images of containers and build farms, each with the machine ID that was baked in. */
export const IMAGES = 40;
