/**
 * IDs of values that were looked up before. Each report looks up all of its values, so a map for each
 * dimension is used: to join the names into one key would cost more than all the rest.
 */
export class ValueIds {
  #size = 0;
  readonly #projects = new Map<number, Map<string, Map<string, number>>>();

  /** @param max - IDs that are remembered. */
  constructor(private readonly max: number) {}

  get(projectId: number, dimension: string, value: string): number | undefined {
    return this.#projects.get(projectId)?.get(dimension)?.get(value);
  }

  /** Whether a value of a dimension is known. */
  hasDimension(projectId: number, dimension: string): boolean {
    return this.#projects.get(projectId)?.has(dimension) ?? false;
  }

  /** Remembers the ID of a value that is not known yet. If there are too many, all others go. */
  add(projectId: number, dimension: string, value: string, id: number): void {
    if (this.#size >= this.max) this.clear();
    this.#size++;
    const dimensions = entry(this.#projects, projectId);
    entry(dimensions, dimension).set(value, id);
  }

  clear(): void {
    this.#projects.clear();
    this.#size = 0;
  }
}

function entry<Key, K, V>(maps: Map<Key, Map<K, V>>, key: Key): Map<K, V> {
  let map = maps.get(key);
  if (map === undefined) maps.set(key, (map = new Map<K, V>()));
  return map;
}
