import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application } from 'typedoc';
import { PAGES, REPOSITORY } from './pages.mjs';

/** The first file of types that an entry of `exports` names. */
const typesOf = (entry) => {
  if (typeof entry !== 'object') return undefined;
  return entry.types ?? Object.values(entry).map(typesOf).find(Boolean);
};

/** The source of each public entry of the package that has types: its name, and its file. */
export function publicEntries() {
  const { name, exports } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
  return Object.entries(exports).flatMap(([path, entry]) => {
    const [, file] = /^\.\/dist\/(.+)\.d\.c?ts$/.exec(typesOf(entry) ?? '') ?? [];
    return file === undefined ? [] : [{ name: name + path.slice(1), file: `src/${file}.ts` }];
  });
}

/** Writes a page for each public entry, from its types and their comments. */
export async function writeApi() {
  const entries = publicEntries();
  const app = await Application.bootstrapWithPlugins({
    name: 'API',
    entryPoints: entries.map(({ file }) => join(REPOSITORY, file)),
    tsconfig: join(REPOSITORY, 'site', 'tsconfig.json'),
    basePath: REPOSITORY,
    plugin: ['typedoc-plugin-markdown', 'typedoc-plugin-missing-exports'],
    internalModule: 'Not exported',
    out: join(PAGES, 'api'),
    readme: 'none',
    excludeInternal: true,
    excludeExternals: true,
    excludePrivate: true,
    disableSources: true,
    treatWarningsAsErrors: true,
    logLevel: 'Warn',
    outputFileStrategy: 'modules',
    entryFileName: 'index',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', '*', 'Modules'],
    useCodeBlocks: true,
    // Of their own: the plugin and the site's builder do not count equal headings alike.
    useHTMLAnchors: true,
    anchorPrefix: 'api-',
    parametersFormat: 'table',
    interfacePropertiesFormat: 'list',
    typeDeclarationFormat: 'list',
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('The types of the package could not be read.');
  const names = new Map(
    entries.map(({ name, file }) => [file.replace(/(?:\/index)?\.ts$/, ''), name]),
  );
  for (const module of project.children ?? []) module.name = names.get(module.name) ?? module.name;
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) {
    throw new Error('The comments of the package have faults: see above.');
  }
}
