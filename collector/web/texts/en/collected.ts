/** What reports have of everybody, why, and how it looks. */
export const collected = {
  id: {
    what: 'An anonymous ID',
    why: 'to count you once, not twice; its secret lets you see and delete your data',
    example: 'stored only as a keyed hash',
  },
  day: { what: 'The time', why: 'how many people there are on each day', example: '2026-11-25' },
  version: {
    what: 'Version of the program',
    why: 'which versions to support',
    example: '2.3.1',
  },
  system: {
    what: 'System, its version, architecture',
    why: 'what to build and test for',
    example: 'Linux 6.18, x64',
  },
  runtime: {
    what: 'Runtime and its version',
    why: 'when an old runtime can be dropped',
    example: 'node 20.20',
  },
  channel: {
    what: 'How it was installed',
    why: 'which packages to look after',
    example: 'npm',
  },
  place: {
    what: 'CI service, container, WSL, coding agent',
    why: 'to tell people from machines',
    example: 'github-actions',
  },
  delivery: {
    what: 'A number of the report, and how many were lost',
    why: 'so that no report counts twice, and gaps are known',
    example: '0 lost',
  },
};

/** In the place of what manifests say of the fields of all reports. They say it in English. */
export const stock: Readonly<Record<string, string>> = {};
