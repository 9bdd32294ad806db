// `npm run docs`: builds the site into site/dist, and fails if a link of it leads nowhere.
// `--base /headcount/` where the site will not stand at the root of its host.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vitepress';
import { findDeadLinks } from './find-dead-links.mjs';
import { layOutPages } from './lay-out-pages.mjs';
import { SITE } from './pages.mjs';
import { writeApi } from './write-api.mjs';

const { values } = parseArgs({ options: { base: { type: 'string', default: '/' } } });

layOutPages();
await writeApi();
await build(fileURLToPath(new URL('.', import.meta.url)), { base: values.base });
const dead = findDeadLinks(SITE, values.base);
for (const { page, link, fault } of dead) console.error(`${page}: ${link} ${fault}`);
console.log(dead.length === 0 ? `The site is in ${SITE}` : `${dead.length} dead links`);
process.exitCode = dead.length === 0 ? 0 : 1;
