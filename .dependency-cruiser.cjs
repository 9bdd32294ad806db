/** The way of one event is a straight line: what comes later on it may not be imported earlier. */
const later = (from, to) => ({
  name: `${from}-before-${to.split('|')[0]}`,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: `^src/(${to})` },
});

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
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node'] },
  },
};
