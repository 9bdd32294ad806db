import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { reportSchema } from '../../src/wire.js';
import { eventually } from '../support/eventually.js';
import { startHttpRecorder } from '../support/http-recorder.js';
import { receiptOf } from '../support/receipt.js';
import { createTestApp, runNode } from '../support/run-app.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const page = readFileSync(new URL('../../docs/privacy.md', import.meta.url), 'utf8');

/** The words in code in one column of the table under a heading. */
function codeIn(heading: string, column: number): string[] {
  const [, rest = ''] = page.split(`## ${heading}\n`);
  const [section = ''] = rest.split('\n## ');
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| --'))
    .flatMap((line) => [...(line.split('|')[column] ?? '').matchAll(/`([^`]+)`/g)])
    .map(([, word = '']) => word);
}

describe('the page on privacy', () => {
  it('names everything that a report says, and nothing else', () => {
    const { properties } = reportSchema as {
      properties: Record<string, unknown> & { info: { properties: Record<string, unknown> } };
    };
    const said = [...Object.keys(properties), ...Object.keys(properties.info.properties)];
    expect(codeIn('What is collected', 2).sort()).toEqual(
      said.filter((name) => name !== 'info').sort(),
    );
  });

  it('names the headers of a request, as the page on delivery does', () => {
    const [, list = ''] = /These are all: ([^.]+)\./.exec(page) ?? [];
    const named = [...list.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    const delivery = readFileSync(
      new URL('../../docs/reference/delivery.md', import.meta.url),
      'utf8',
    );
    const [, section = ''] = delivery.split('## The request\n');
    const [table = ''] = section.split('\n## ');
    const documented = [...table.matchAll(/^\| `([\w-]+)`/gm)].map(([, name = '']) => name);
    expect(documented.length).toBeGreaterThan(4);
    expect(named.sort()).toEqual(documented.map((name) => name.toLowerCase()).sort());
    // And as a real request has them; that one is not compressed.
    const head = readFileSync(new URL('../golden/request-head.txt', import.meta.url), 'utf8');
    const sent = head.trim().split('\n').slice(1);
    for (const line of sent) expect(named).toContain(line.split(':')[0]);
  });

  it.each(['../../README.md', '../../docs/privacy.md', '../../SECURITY.md'])(
    'is not contradicted: %s calls no person or data anonymous',
    (file) => {
      const text = readFileSync(new URL(file, import.meta.url), 'utf8');
      const claims = text.match(/.{0,30}\banonymous(ly)?\b(?![-_]id).{0,30}/gi) ?? [];
      expect(claims.filter((claim) => !claim.includes('neither anonymous nor'))).toEqual([]);
    },
  );

  it('names every file that is kept on the machine', async () => {
    const recorder = await startHttpRecorder(({ method }) =>
      method === 'DELETE' ? { status: 200, body: JSON.stringify(receiptOf()) } : {},
    );
    onTestFinished(() => recorder.close());
    const app = createTestApp({
      'cli.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ mode: process.argv[2] });
        headcount.notice();
        headcount.track();`,
    });
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    const command = (word: string) =>
      runNode(BIN, app.home, { args: [word, '--project', 'acme-cli'] });
    const seen = new Set<string>();
    const look = (): void => {
      for (const entry of readdirSync(app.home, { recursive: true, withFileTypes: true })) {
        const below = join(entry.parentPath, entry.name).slice(app.home.length + 1);
        const [, rest] = /^\.(?:config|local\/share)\/headcount\/acme-cli\/(.+)$/.exec(below) ?? [];
        if (rest === undefined) expect(entry.isFile()).toBe(false);
        else seen.add(entry.isDirectory() ? `${rest}/` : rest);
      }
    };
    await app.run('cli.mjs', { args: ['local'], env });
    look();
    await app.run('cli.mjs', { args: ['on'], env });
    await eventually(() => (look(), seen.has('last-request.json')), 'the first report');
    await command('forget');
    look();
    await command('off');
    look();
    const named = codeIn('Where it is kept, and for how long', 1);
    const patterns = named.map((name) => new RegExp(`^${name.replace('.*', '\\.[^/]+')}$`));
    // Reports that wait, and files that are just being written: they get their names a moment later.
    const own = [...seen].filter(
      (name) => !/^(outbox|local)\/./.test(name) && !/\.[0-9a-f-]{8,}(\.tmp)?$/.test(name),
    );
    expect(own.filter((name) => !patterns.some((pattern) => pattern.test(name)))).toEqual([]);
    for (const name of ['choice', 'notice', 'deletion-receipt', 'outbox/', 'local/']) {
      expect(own).toContain(name);
    }
    // Of an address in HEADCOUNT_ENDPOINT.
    for (const name of ['anonymous-id', 'owner-secret']) {
      expect([...seen]).toContainEqual(expect.stringMatching(`^${name}\\.[0-9a-f]{16}$`));
    }
  });
});
