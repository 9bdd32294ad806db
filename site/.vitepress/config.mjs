import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { githubAnchor } from '../github-anchor.mjs';
import { SOURCES } from '../pages.mjs';
import { namedColumns } from './named-columns.mjs';
import { plainBraces } from './plain-braces.mjs';
import { repositoryLinks } from './repository-links.mjs';
import { sidebar } from './sidebar.mjs';

const slugify = githubAnchor;

export default defineConfig({
  srcDir: '.pages',
  outDir: 'dist',
  cacheDir: 'node_modules/.vitepress',
  title: 'Headcount',
  description: 'Know how many people use your software, without knowing who they are.',
  lang: 'en',
  appearance: true,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  vite: {
    resolve: {
      alias: [
        {
          find: /^.*\/VPHome\.vue$/,
          replacement: fileURLToPath(new URL('theme/home-page.vue', import.meta.url)),
        },
      ],
    },
    build: { chunkSizeWarningLimit: 4_000 }, // the index of the search, which is loaded by itself
  },
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify },
    toc: { slugify },
    headers: { slugify },
    config: (md) => md.use(repositoryLinks).use(plainBraces).use(namedColumns),
  },
  transformPageData({ relativePath, frontmatter }) {
    const source = SOURCES.get(relativePath);
    // Generated pages have no source to edit.
    if (source === undefined) return { frontmatter: { ...frontmatter, editLink: false } };
    return { filePath: source };
  },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/first-ten-minutes' },
      { text: 'API', link: '/api/' },
      { text: 'Protocol', link: '/protocol' },
      { text: 'Collector', link: '/collector/' },
      { text: 'Project', link: '/changes' },
    ],
    sidebar: sidebar(),
    outline: { level: [2, 3] },
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: 'https://github.com/headcount-dev/headcount' }],
    editLink: {
      text: 'Edit this page',
      pattern: 'https://github.com/headcount-dev/headcount/edit/main/:path',
    },
  },
});
