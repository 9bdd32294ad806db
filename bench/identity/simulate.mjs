// @ts-check
import { headcount } from './headcount-scheme.mjs';
import { createRandom } from './random.mjs';
import { runsOf } from './runs.mjs';
import { featuresHash, rawMachineHash, uuidInFile } from './schemes.mjs';

/**
 * What each way of counting makes of a world.
 *
 * @param {import('./worlds.mjs').World} world
 * @param {number} installs
 * @param {number} seed
 */
export async function simulate(world, installs, seed) {
  const ours = await headcount(createRandom(seed + 1));
  const uuid = uuidInFile(createRandom(seed + 2));
  const machine = rawMachineHash();
  const features = featuresHash();
  for (const run of runsOf(world, installs, createRandom(seed))) {
    for (const scheme of [ours, uuid, machine, features]) await scheme.take(run);
  }
  const counted = ours.count();
  return {
    world: world.name,
    people: installs,
    headcount: counted,
    containsTruth: counted.certain <= installs && installs <= counted.total,
    uuid: uuid.count(),
    machine: machine.count(),
    features: features.count(),
  };
}
