/** What is remembered of a project. */
export interface KnownProject {
  readonly id: number;
  readonly slug: string;
  /** Grows when values give their places up: all that is remembered is old then. */
  closings: number;
  newestDay: number;
  nextValue: number;
  /** The IDs of its values, by dimension and value. */
  readonly ids: Map<string, number>;
  others: ReadonlyMap<number, number> | undefined;
  /** How many values each dimension has; known while places are given. */
  sizes: Map<string, number> | undefined;
  /** The `nextValue` that {@link sizes} belong to. */
  sizedAt: number;
  /** Whether no other node gives places in this transaction. */
  isLocked: boolean;
}

/** A project as it is read. */
export interface ProjectRow {
  readonly id: number;
  readonly slug: string;
  readonly closings: number;
  readonly newest_day: number | null;
  readonly next_value: number;
}

/** The projects that are remembered. */
export interface KnownProjects {
  /** Takes what was read of a project over. */
  readonly take: (row: ProjectRow) => KnownProject;
  /** A project that was taken. */
  readonly loaded: (projectId: number) => KnownProject;
  readonly find: (slug: string) => KnownProject | undefined;
  readonly forget: (project: KnownProject) => void;
  /** Lets other nodes give places. Whether so many values are remembered that all should be forgotten. */
  readonly unlock: () => boolean;
  readonly forgetAll: () => void;
}

/** Values that are remembered of all projects, about. */
const MAX_VALUES = 100_000;

/** Creates the memory of projects. */
export function createKnownProjects(): KnownProjects {
  const bySlug = new Map<string, KnownProject>();
  const byId = new Map<number, KnownProject>();
  return {
    take: (row) => {
      const known = byId.get(row.id);
      if (known && known.closings === row.closings) {
        known.newestDay = row.newest_day ?? -Infinity;
        if (!known.isLocked) known.nextValue = row.next_value;
        return known;
      }
      const project: KnownProject = {
        ...{ id: row.id, slug: row.slug, closings: row.closings },
        ...{ newestDay: row.newest_day ?? -Infinity, nextValue: row.next_value },
        ...{ ids: new Map(), others: undefined, sizes: undefined, sizedAt: 0, isLocked: false },
      };
      bySlug.set(row.slug, project);
      byId.set(row.id, project);
      return project;
    },
    loaded: (projectId) => {
      const project = byId.get(projectId);
      if (project === undefined) throw new Error('A project is used that was not loaded.');
      return project;
    },
    find: (slug) => bySlug.get(slug),
    forget: ({ id, slug }) => {
      byId.delete(id);
      bySlug.delete(slug);
    },
    unlock: () => {
      let values = 0;
      for (const project of byId.values()) {
        project.isLocked = false;
        values += project.ids.size;
      }
      return values > MAX_VALUES;
    },
    forgetAll: () => {
      bySlug.clear();
      byId.clear();
    },
  };
}

/** How many values a dimension of a project has, and all of them together. */
export const sizesOf = (
  { sizes }: KnownProject,
  dimension: string,
): { readonly ofDimension: number; readonly ofProject: number } => ({
  ofDimension: sizes?.get(dimension) ?? 0,
  ofProject: [...(sizes?.values() ?? [])].reduce((sum, n) => sum + n, 0),
});
