/** What each folder of the client may import beside itself. A file right under src/ is a leaf
 * (errors, names, guards) or puts parts together (headcount, options, api): named one by one. */
const leaves = ['drop-reasons', 'errors', 'file-names', 'type-guards'];
const composition = [...leaves, 'api', 'options', 'run-timed'];
const clientFolders = {
  wire: [],
  platform: ['file-names'],
  consent: ['platform', ...leaves],
  project: ['platform', 'consent', ...leaves],
  report: ['wire', 'platform', 'project', ...leaves],
  manifest: ['wire', 'consent'],
  storage: ['platform', 'consent', 'project', 'report', ...leaves],
  delivery: ['wire', 'platform', 'project', 'report', 'storage', ...leaves],
  host: [
    ...['wire', 'platform', 'consent', 'project', 'report', 'storage', 'delivery'],
    ...composition,
  ],
  sender: ['wire', 'platform', 'consent', 'project', 'report', 'storage', 'delivery', ...leaves],
  cli: [
    ...['wire', 'platform', 'consent', 'project', 'report', 'manifest', 'storage', 'delivery'],
    ...[...composition, 'headcount'],
  ],
};

const importsOnly = ([folder, allowed]) => ({
  name: `${folder}-imports-only-what-is-listed-for-it`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})(/|\\.ts$)` },
});

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
      from: { orphan: true, path: '^(src|collector/src)/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    ...Object.entries(clientFolders).map(importsOnly),
    {
      // It is a file of its own in the package, loaded when something of it is first needed.
      name: 'deferred-is-loaded-not-imported',
      severity: 'error',
      from: { path: '^src/(?!host/deferred/)' },
      to: { path: '^src/host/deferred/', dependencyTypesNot: ['type-only'] },
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
          '^src/(platform/|host/platform/|host/deferred/platform/|sender/platform/|headcount\\.ts|host/deferred/main\\.ts|sender/main\\.ts|bin\\.ts)',
      },
      to: {
        path: '^src/(host/platform/|host/deferred/platform/|sender/platform/|platform/(?!platform\\.ts))',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'collector-knows-the-wire-only',
      severity: 'error',
      from: { path: '^collector/' },
      to: { path: '^src/(?!wire)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node'] },
  },
};
