// Fails if what a page of the dashboard loads is larger than its limit: 60 kB of script and style,
// compressed by brotli (docs/decisions/0056-dashboard.md).
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LIMIT_BYTES = 60_000;

const web = fileURLToPath(new URL('../collector/dist/web/', import.meta.url));
const { script, style } = JSON.parse(readFileSync(`${web}files.json`, 'utf8'));
const sizeOf = (name) => statSync(`${web}${name}.br`).size;
for (const [language, name] of Object.entries(script)) {
  const bytes = sizeOf(name) + sizeOf(style);
  console.log(
    `${bytes <= LIMIT_BYTES ? 'ok' : 'TOO LARGE'}: script and style of the dashboard, ${language}: ${bytes} B of ${LIMIT_BYTES} B`,
  );
  if (bytes > LIMIT_BYTES) process.exitCode = 1;
}
