// Builds the dashboard: what browsers load, with a hash in each name, and the renderer that the
// collector imports when a page is first asked for. Run in collector/, after tsup.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { leanScale } from './lean-scale.mjs';

const out = 'dist/web';
mkdirSync(out, { recursive: true });

const LANGUAGES = ['en', 'zh'];

const jsx = { jsx: 'automatic', jsxImportSource: 'preact' };
const forBrowsers = {
  bundle: true,
  minify: true,
  write: false,
  outdir: out,
  target: ['chrome111', 'firefox115', 'safari16.4'],
  legalComments: 'none',
  charset: 'utf8',
  ...jsx,
};

/** Leaves the texts of other languages out: a page in another one is another document. */
const onlyTextsOf = (language) => ({
  name: 'texts of one language',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]texts[\\/](en[\\/]en|zh[\\/]zh)\.ts$/ }, ({ path }) => {
      const [, other] = /(\w+)\.ts$/.exec(path);
      return other === language ? undefined : { contents: `export const ${other} = undefined;` };
    });
  },
});

/**
 * The exports of files that pages use which are documents alone (web/page/document-pages.ts), and of
 * texts that the server words (web/language/word-causes.ts).
 */
const DOCUMENTS = {
  'pages/settings-page.tsx': 'SettingsPage',
  'pages/public-page.tsx': 'PublicPage',
  'pages/home-page.tsx': 'HomePage',
  'pages/sign-in-page.tsx': 'SignInPage',
  'pages/your-data-page.tsx': 'YourDataPage',
  'causes.ts': 'causes',
  'home.ts': 'home',
  'sign-in.ts': 'signIn',
  'settings.ts': 'settings',
  'your-data.ts': 'yourData',
  'public.ts': 'publicPage',
  'embeds.ts': 'embeds',
};

/** Leaves out what the script never draws. */
const noDocuments = {
  name: 'no documents',
  setup: ({ onLoad }) => {
    onLoad(
      { filter: /[\\/](pages[\\/][\w-]+-page\.tsx|texts[\\/]\w+[\\/][\w-]+\.ts)$/ },
      ({ path }) => {
        const name = path
          .replaceAll('\\', '/')
          .replace(/.*\/(pages\/|texts\/\w+\/)/, (_, at) => (at.startsWith('pages') ? at : ''));
        const left = DOCUMENTS[name];
        return left === undefined ? undefined : { contents: `export const ${left} = undefined;` };
      },
    );
  },
};

/** Writes a file that browsers keep for ever, and its compressed forms beside it. */
function writeHashed(name, extension, body) {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 10);
  const file = `${name}-${hash}.${extension}`;
  writeFileSync(`${out}/${file}`, body);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  writeFileSync(`${out}/${file}.br`, brotliCompressSync(body, quality));
  writeFileSync(`${out}/${file}.gz`, gzipSync(body, { level: 9 }));
  return file;
}

const buildScript = (language) =>
  build({
    ...forBrowsers,
    format: 'esm',
    entryPoints: ['web/browser/main.tsx'],
    plugins: [onlyTextsOf(language), noDocuments, leanScale],
  });
const style = await build({ ...forBrowsers, entryPoints: ['web/styles/main.css'] });
const icon = readFileSync('web/styles/icon.svg');
const names = {
  script: Object.fromEntries(
    await Promise.all(
      LANGUAGES.map(async (language) => {
        const { outputFiles } = await buildScript(language);
        return [language, writeHashed(`app-${language}`, 'js', outputFiles[0].contents)];
      }),
    ),
  ),
  style: writeHashed('app', 'css', style.outputFiles[0].contents),
  icon: writeHashed('icon', 'svg', icon),
};
writeFileSync(`${out}/files.json`, JSON.stringify(names));

await build({
  entryPoints: ['web/render-page.tsx'],
  outfile: `${out}/render-page.js`,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  ...jsx,
});
