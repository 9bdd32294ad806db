/**
 * What each folder of the client may import beside itself. A file right under src/ is a leaf
 * (errors, names, guards) or puts parts together: these are listed in `clientFiles`.
 */
const leaves = ['drop-reasons', 'errors', 'file-names', 'own-only', 'ranges', 'type-guards'];
const composition = [...leaves, 'api', 'options', 'run-timed'];
const shared = ['wire', 'platform', 'consent', 'project', 'report', 'storage', 'delivery'];
const clientFolders = {
  edge: ['wire', 'project', 'report', 'storage'],
  vscode: ['drop-reasons', 'consent', 'edge', 'report', 'wire'],
  adapters: ['errors', 'storage', 'type-guards'],
  wire: [],
  platform: ['file-names', 'ranges'],
  consent: ['platform', ...leaves],
  project: ['wire', 'platform', 'consent', ...leaves],
  report: ['wire', 'platform', 'project', ...leaves],
  manifest: ['wire', 'consent'],
  storage: ['platform', 'consent', 'project', 'report', ...leaves],
  delivery: ['wire', 'platform', 'project', 'report', 'storage', ...leaves],
  host: [...shared, ...composition],
  sender: [...shared, ...leaves],
  testing: ['wire', 'consent', 'report', ...leaves],
  check: ['wire', 'consent', 'cli', 'testing', ...leaves],
  cli: [...shared, 'manifest', ...composition, 'headcount'],
};
const clientFiles = {
  'run-timed': ['type-guards'],
  api: ['consent', 'project', 'report', 'delivery', 'wire', 'drop-reasons'],
  options: ['consent', 'report', 'storage', 'wire', 'own-only'],
  headcount: [...shared, 'host', ...composition],
  index: [...shared, 'api', 'errors', 'options', 'drop-reasons', 'headcount'],
  wire: ['wire'],
  edge: ['edge', 'edge-storages'],
  'edge-storages': ['edge'],
  vscode: ['edge', 'report', 'vscode'],
  storages: ['adapters', 'storage'],
  testing: ['testing', 'wire'],
  elsewhere: ['api', 'options', 'errors', 'own-only', 'type-guards', 'report', 'storage'],
  cli: ['cli'],
  bin: ['check', 'cli', 'host', 'index'],
};

const importsOnly = ([folder, allowed]) => ({
  name: `${folder}-imports-only-what-is-listed-for-it`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})(/|\\.ts$)` },
});
const fileImportsOnly = ([file, allowed]) => ({
  name: `${file}.ts-imports-only-what-is-listed-for-it`,
  severity: 'error',
  from: { path: `^src/${file}\\.ts$` },
  to: { path: '^src/', pathNot: `^src/(${allowed.join('|')})(/|\\.ts$)` },
});

/** The parts of the host that are files of the package, and which of them a part may contain. */
const hostParts = { setup: [], exit: [], deferred: ['setup', 'exit'] };
const partContainsOnly = ([part, allowed]) => ({
  name: `host/${part}-contains-no-other-part`,
  severity: 'error',
  from: { path: `^src/host/${part}/` },
  to: {
    path: `^src/host/(${Object.keys(hostParts)
      .filter((other) => other !== part && !allowed.includes(other))
      .join('|')})/`,
    dependencyTypesNot: ['type-only'],
  },
});

/** A new folder or file has to be listed above. */
const listedInClient = [...leaves, ...Object.keys(clientFiles)].map((file) => `${file}\\.ts$`);
const unlisted = {
  name: 'listed-in-clientFolders-or-clientFiles',
  severity: 'error',
  from: {
    path: '^src/',
    pathNot: `^src/(${[...Object.keys(clientFolders).map((folder) => `${folder}/`), ...listedInClient].join('|')})`,
  },
  to: {},
};

/**
 * What each folder of the collector may import beside itself, files at the top of its tree among
 * them. A folder names only folders above it, so that no arrow points back.
 */
const collectorFolders = {
  threads: ['is-record'],
  network: [],
  rules: [],
  forecast: [],
  logs: [
    ...['app-types', 'create-turns', 'has-code', 'is-record', 'opened-folder', 'rules'],
    'store-down-error',
  ],
  jobs: ['has-code', 'opened-folder', 'write-durably', 'logs'],
  sqlite: ['has-code', 'is-record', 'sync-path'],
  journal: ['rules', 'sqlite', 'threads'],
  store: [
    'error-code',
    'error-message',
    'has-code',
    'rules',
    'sqlite',
    'store-down-error',
    'threads',
    'write-durably',
  ],
  tls: ['disk-queue', 'error-message', 'has-code'],
  performance: [
    'app-types',
    'inner-requests',
    'has-code',
    'opened-folder',
    'logs',
    'rules',
    'sqlite',
  ],
  'log-reading': ['has-code', 'is-record', 'logs', 'performance', 'rules', 'to-printable'],
  'request-log': ['app-types', 'inner-requests', 'logs', 'performance'],
  country: ['disk-queue', 'error-message', 'has-code', 'is-record', 'logs', 'rules', 'threads'],
  erasures: [
    ...['disk-queue', 'error-message', 'has-code', 'is-record', 'make-folders', 'sqlite', 'store'],
    ...['rules', 'write-durably'],
  ],
  counting: [
    ...['errors', 'has-code', 'is-record', 'rules', 'sqlite', 'threads', 'journal', 'store'],
    ...['erasures', 'store-down-error'],
  ],
  access: [
    ...[
      'inner-requests',
      'app-types',
      'config',
      'create-turns',
      'error-message',
      'errors',
      'has-code',
      'is-record',
      'make-folders',
    ],
    ...['opened-folder', 'write-durably', 'rules', 'sqlite', 'store', 'store-down-error'],
  ],
  intake: [
    ...['app-types', 'errors', 'has-code', 'is-record', 'rules', 'journal', 'access'],
    'store-down-error',
  ],
  openapi: ['app-types', 'errors', 'version', 'access', 'intake'],
  privacy: [
    ...[
      'sync-path',
      'app-types',
      'errors',
      'has-code',
      'rules',
      'sqlite',
      'journal',
      'store',
      'erasures',
    ],
    ...['counting', 'access', 'intake'],
  ],
  'shared-answers': ['store'],
  stats: [
    ...['app-types', 'errors', 'logs', 'rules', 'forecast', 'threads', 'store', 'counting'],
    ...['has-code', 'make-folders', 'write-durably', 'access', 'intake', 'openapi'],
    ...['opened-folder', 'performance', 'sqlite', 'shared-answers', 'is-record', 'version'],
    'store-down-error',
  ],
  'log-routes': ['access', 'app-types', 'errors', 'logs', 'log-reading', 'rules', 'stats'],
  clean: [
    ...['app-types', 'create-turns', 'errors', 'rules', 'journal', 'jobs', 'store', 'counting'],
    ...['access', 'intake'],
  ],
  export: ['app-types', 'rules', 'store', 'access', 'counting', 'stats'],
  retention: ['app-types', 'rules', 'logs', 'sqlite', 'jobs', 'store', 'access'],
  host: ['one-at-a-time'],
  health: [
    ...[
      'shared-answers',
      'store-down-error',
      'error-code',
      'tls',
      'errors',
      'one-at-a-time',
      'opened-folder',
      'repeat-after',
      'host',
      'network',
      'access',
      'app-types',
      'version',
      'logs',
      'rules',
      'sqlite',
      'jobs',
      'journal',
      'store',
      'counting',
      'erasures',
      'intake',
      'stats',
      'logs',
      'sqlite',
    ],
  ],
  metrics: [
    ...['app-types', 'errors', 'version', 'rules', 'jobs', 'store', 'counting', 'access'],
    ...['has-code', 'is-record', 'logs', 'journal', 'network', 'performance'],
    ...['intake', 'stats', 'retention', 'health'],
  ],
  recovery: [
    ...['data-folder', 'error-message', 'has-code', 'sync-path', 'sqlite', 'threads'],
    ...['access', 'counting', 'privacy', 'store'],
  ],
  backup: [
    ...[
      'data-folder',
      'disk-queue',
      'has-code',
      'make-folders',
      'sync-path',
      'write-durably',
      'rules',
      'jobs',
      'sqlite',
      'threads',
    ],
    ...['journal', 'store', 'erasures', 'counting', 'access', 'privacy', 'recovery'],
  ],
  morning: ['has-code', 'is-record', 'rules', 'to-printable', 'wrap-text'],
  notices: [
    'error-code',
    'pause-after',
    'read-retry-after',
    'has-code',
    'logs',
    'opened-folder',
    'rules',
    'to-printable',
    'write-durably',
  ],
  relay: [
    ...[
      'error-code',
      'pause-after',
      'tls',
      'repeat-after',
      'host',
      'app-types',
      'errors',
      'is-record',
      'read-retry-after',
      'version',
      'rules',
      'logs',
      'sqlite',
    ],
    ...['journal', 'access', 'intake', 'health', 'metrics'],
  ],
  digest: [
    ...['has-code', 'is-record', 'logs', 'rules', 'to-printable', 'wrap-text', 'counting'],
    ...['access', 'intake', 'stats', 'morning', 'notices'],
  ],
  dashboard: [
    ...[
      'inner-requests',
      'app-types',
      'errors',
      'has-code',
      'is-record',
      'problem-of-error',
      'version',
      'rules',
      'counting',
      'access',
    ],
    ...['stats', 'health', 'performance', 'log-routes', 'morning', 'clean', 'retention'],
  ],
  move: [
    ...['is-record', 'rules', 'sqlite', 'stats', 'store', 'sync-path'],
    ...['data-folder', 'settings-of-folder', 'write-durably'],
  ],
  commands: [
    ...['address-file', 'config', 'config-options', 'data-folder', 'error-message', 'errors'],
    ...[
      'explain-arguments',
      'has-code',
      'is-record',
      'load-config',
      'start-error',
      'to-printable',
      'version',
      'wrap-text',
    ],
    ...['rules', 'jobs', 'sqlite', 'store', 'erasures', 'access', 'export', 'retention', 'backup'],
    ...['performance', 'morning', 'digest', 'logs', 'log-reading', 'tls'],
    ...['move', 'open-settings', 'privacy', 'shared-answers'],
  ],
};

/** Files at the top of the collector's tree that folders may import, and what these may import. */
const collectorFoundation = {
  'app-types': [],
  'disk-queue': [],
  'error-code': [],
  'error-message': [],
  'explain-arguments': ['error-message', 'has-code'],
  errors: [],
  'has-code': [],
  'create-turns': [],
  'inner-requests': [],
  'is-record': [],
  'make-folders': ['has-code'],
  'one-at-a-time': [],
  'pause-after': [],
  'opened-folder': ['has-code'],
  'problem-of-error': [
    ...['errors', 'intake', 'journal', 'sqlite', 'store', 'store-down-error', 'threads'],
  ],
  'read-retry-after': [],
  'store-down-error': ['has-code'],
  'repeat-after': [],
  version: ['is-record'],
  'write-durably': ['sync-path'],
  'sync-path': [],
  'to-printable': [],
  'wrap-text': [],
  config: ['rules', 'logs', 'notice-config'],
  'option-values': ['rules'],
  'config-options': ['config', 'notice-options', 'option', 'option-values', 'rules', 'logs'],
  option: [],
  'notice-config': ['rules'],
  'notice-options': ['notice-config', 'option', 'option-values', 'rules'],
  'check-notices': ['config', 'config-options', 'notice-config'],
  'check-store': ['config', 'config-options'],
  'relay-options': ['config', 'config-options', 'option', 'option-values'],
  'load-config': [
    ...['check-notices', 'check-store', 'config', 'config-options', 'error-code'],
    ...['explain-arguments', 'option', 'relay-options', 'rules', 'wrap-text'],
  ],
  'address-file': ['has-code', 'is-record', 'make-folders', 'access'],
  'start-error': [
    'config',
    'config-options',
    'country',
    'data-folder',
    'error-message',
    'has-code',
    'sqlite',
    'store',
    'store-down-error',
    'tls',
  ],
  'data-folder': ['has-code', 'logs', 'make-folders', 'journal', 'sqlite', 'store'],
  'settings-of-folder': [
    ...['data-folder', 'make-folders', 'write-durably', 'store', 'access', 'stats'],
  ],
  'open-settings': [
    ...['data-folder', 'opened-folder', 'settings-of-folder', 'write-durably'],
    ...['store', 'access', 'stats', 'recovery'],
  ],
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
    name: 'collector-takes-types-of-the-web-alone',
    comment: 'What pages are drawn with is built apart, and loaded when a page is asked for.',
    severity: 'error',
    from: { path: '^collector/src/' },
    to: {
      path: '^collector/web/(?!page/|language/language-tags)',
    },
  },
  {
    name: 'web-stands-alone',
    comment: 'It runs in browsers.',
    severity: 'error',
    from: { path: '^collector/web/' },
    to: { path: '^(collector/src|src)/' },
  },
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
    {
      // The host's platform names the type of the deferred part, which works on the host's own
      // types: the one cycle, of types alone.
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { pathNot: '^src/host/host-platform\\.ts$' } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^(src|collector/src|collector/web)/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    ...Object.entries(clientFolders).map(importsOnly),
    ...Object.entries(clientFiles).map(fileImportsOnly),
    ...Object.entries(hostParts).map(partContainsOnly),
    unlisted,
    {
      // They are files of the package, loaded when something of them is first needed.
      name: 'parts-are-loaded-not-imported',
      severity: 'error',
      from: { path: '^src/(?!host/(deferred|setup|exit)/)' },
      to: { path: '^src/host/(deferred|setup|exit)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'leaves-import-nothing',
      severity: 'error',
      from: { path: `^src/(${leaves.join('|')})\\.ts$` },
      to: { path: '^src/' },
    },
    {
      // The entries that run for real choose the real platform; all else gets one handed in.
      name: 'platform-is-the-edge',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot:
          '^src/(platform/|host/platform/|host/deferred/platform/|host/exit/platform/|sender/platform/|headcount\\.ts|host/(?:setup|deferred|exit)/main\\.ts|sender/main\\.ts|bin\\.ts)',
      },
      to: {
        path: '^src/(host/platform/|host/deferred/platform/|host/exit/platform/|sender/platform/|platform/(?!platform\\.ts))',
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
