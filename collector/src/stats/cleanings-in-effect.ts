import type { Cleaning } from '../rules/cleaning.js';
import type { ReaderOperations } from '../store/store.js';

/** Which cleanings the counts of a project are without. */
export interface CleaningsInEffect {
  /** The same text as long as the same cleanings are in effect. */
  of(project: string): Promise<string>;
  /** A cleaning has begun, or was undone. */
  changed(): void;
}

/** Creates the list. It is read again only when something may have changed. */
export function createCleaningsInEffect(
  store: Pick<ReaderOperations, 'cleanings'>,
): CleaningsInEffect {
  let reading: Promise<readonly Cleaning[]> | undefined;
  const read = async (): Promise<readonly Cleaning[]> => {
    const all = await store.cleanings();
    // What runs may be finished by the next question.
    if (all.some(({ state }) => state === 'taking' || state === 'undoing')) reading = undefined;
    return all;
  };
  return {
    of: async (project) => {
      const own = (reading ??= read());
      try {
        const ids = (await own)
          .filter((one) => one.selection.project === project && isInEffect(one))
          .map(({ id }) => id);
        return ids.join(' ');
      } catch (error) {
        if (reading === own) reading = undefined;
        throw error;
      }
    },
    changed: () => (reading = undefined),
  };
}

/** One that is being taken is not, until it is whole; one that is being undone is, likewise. */
const isInEffect = ({ state }: Cleaning): boolean => state !== 'taking' && state !== 'undone';
