/** The way of one event is a straight line: what comes later on it may not be imported earlier. */
const later = (from, to) => ({
  name: `${from}-before-${to.split('|')[0]}`,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: `^src/(${to})` },
});

/**
 * What each folder of the collector may import beside itself, files at the top of its tree among
 * them. A folder names only folders above it, so that no arrow points back.
 */
const collectorFolders = {
  threads: [],
  rules: [],
  logs: ['app-types'],
  sqlite: ['has-code'],
  journal: ['rules', 'sqlite', 'threads'],
  store: ['rules', 'sqlite', 'threads'],
  counting: ['has-code', 'is-record', 'rules', 'sqlite', 'threads', 'journal', 'store'],
  access: ['app-types', 'config', 'error-message', 'errors', 'has-code', 'write-durably', 'rules'],
  intake: ['app-types', 'errors', 'has-code', 'is-record', 'rules', 'journal', 'access'],
  openapi: ['app-types', 'errors', 'version', 'intake'],
  privacy: [
    ...['app-types', 'errors', 'has-code', 'rules', 'journal', 'store', 'counting'],
    ...['access', 'intake'],
  ],
  stats: [
    ...['app-types', 'errors', 'rules', 'store', 'counting'],
    ...['access', 'intake', 'openapi'],
  ],
  health: ['app-types', 'version', 'rules', 'journal', 'store', 'counting', 'intake'],
};

/** Files at the top of the collector's tree that folders may import, and what these may import. */
const collectorFoundation = {
  'app-types': [],
  'error-message': [],
  errors: [],
  'has-code': [],
  'is-record': [],
  version: ['is-record'],
  'write-durably': [],
  config: ['rules', 'logs'],
};

const collectorRules = [
  ...Object.entries({ ...collectorFolders, ...collectorFoundation }).map(([name, allowed]) => ({
    name: `collector-${name}`,
    comment: `It may import ${allowed.join(', ') || 'nothing else of the collector'}.`,
    severity: 'error',
    from: { path: `^collector/src/${name}[/.]` },
    to: { path: `^collector/src/(?!(${[name, ...allowed].join('|')})[/.])` },
  })),
  {
    name: 'collector-folder-without-rule',
    comment: 'Every folder is in the table collectorFolders.',
    severity: 'error',
    from: {},
    to: { path: `^collector/src/(?!(${Object.keys(collectorFolders).join('|')})/)[^/]+/` },
  },
];

for (const [at, [folder, allowed]] of Object.entries(collectorFolders).entries()) {
  const above = [
    ...Object.keys(collectorFolders).slice(0, at),
    ...Object.keys(collectorFoundation),
  ];
  const back = allowed.find((name) => !above.includes(name));
  if (back !== undefined)
    throw new Error(`collectorFolders: ${folder} names ${back}, not above it.`);
}

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^(src|collector/src)/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    later('wire', '(?!wire)'),
    later('consent', 'report/|outbox/|delivery/|storage/|headcount|reporter'),
    later('project', 'report/|outbox/|delivery/|headcount|reporter'),
    later('identity', 'outbox/|delivery/|headcount|reporter'),
    later('manifest', 'report/|outbox/|delivery/|storage/|cli|headcount|reporter'),
    later('report', 'outbox/|delivery/|storage/|headcount|reporter'),
    later('outbox', 'delivery/|headcount|reporter'),
    later('storage', 'delivery/|headcount|reporter'),
    later('delivery', 'headcount|reporter'),
    {
      name: 'platform-is-the-edge',
      severity: 'error',
      from: {
        path: '^src/(?!platform/|headcount\\.ts|delivery/sender\\.ts|bin\\.ts|cli/run-command\\.ts)',
      },
      to: {
        path: '^src/platform/(?!platform\\.ts|sender-source)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'collector-knows-the-wire-only',
      severity: 'error',
      from: { path: '^collector/' },
      to: { path: '^src/(?!wire)' },
    },
    ...collectorRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node'] },
  },
};
