/** The projects that reports have made. */
export interface ReportedProjects extends Iterable<string> {
  readonly size: number;
  has(project: string): boolean;
  /** A report makes the project, and will be counted. */
  add(project: string): void;
  /** Takes {@link add} back. */
  release(project: string): void;
  /** Forgets the projects of which nothing is counted any more, and learns of others. */
  refresh(): Promise<void>;
}

/** @param counted - Asks for the projects with counts. */
export async function openReportedProjects(
  counted: () => Promise<readonly string[]>,
): Promise<ReportedProjects> {
  const names = new Set(await counted());
  /** Those that were not seen among the counted ones yet. */
  const uncounted = new Set<string>();
  let last: Promise<void> = Promise.resolve();

  const read = async (): Promise<void> => {
    const found = new Set(await counted());
    for (const project of names) {
      if (!found.has(project) && !uncounted.has(project)) names.delete(project);
    }
    for (const project of found) {
      names.add(project);
      uncounted.delete(project);
    }
  };
  return {
    [Symbol.iterator]: () => names.values(),
    get size() {
      return names.size;
    },
    has: (project) => names.has(project),
    add: (project) => {
      names.add(project);
      uncounted.add(project);
    },
    release: (project) => {
      names.delete(project);
      uncounted.delete(project);
    },
    refresh: () => {
      const next = last.then(read, read);
      last = next.catch(() => undefined);
      return next;
    },
  };
}
