import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startHttpRecorder } from '../support/http-recorder.js';
import { type App, MANIFEST, run } from './app.js';
import { filesOf } from './check-programs.js';
import { type Row, versionOf } from './row.js';
import { MATRIX_TOOLS, nodeOf, tool } from './tools.js';

const LAYOUT = `export default ({ children }) => <html><body>{children}</body></html>;`;
const GET = `headcount.track();
  const { sent } = await headcount.flush();
  return new Response(String(sent));`;
const FILES = {
  'layout.js': LAYOUT,
  'node/route.js': `import { createHeadcount } from 'headcount';
    export const dynamic = 'force-dynamic';
    const headcount = createHeadcount();
    export async function GET() { ${GET} }`,
  'edge/route.js': `import { createHeadcount } from 'headcount/edge';
    export const runtime = 'edge';
    export const dynamic = 'force-dynamic';
    const headcount = createHeadcount({
      project: 'acme-cli', version: '2.3.1', endpoint: process.env.HEADCOUNT_ENDPOINT,
    });
    export async function GET() { ${GET} }`,
};

/** Lays the app out where Next.js is installed: it follows no link out of its root. */
function layOutNext(app: App): string {
  const folder = join(MATRIX_TOOLS, `next-${process.pid}`);
  const installed = join('node_modules', 'headcount');
  cpSync(join(app.folder, installed), join(folder, installed), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(MANIFEST));
  for (const [file, code] of Object.entries(FILES)) {
    mkdirSync(join(folder, 'app', file, '..'), { recursive: true });
    writeFileSync(join(folder, 'app', file), code);
  }
  return folder;
}

const NEXT = [nodeOf('24'), tool('next/dist/bin/next')] as const;

/** What the two routes of a running server say, in the order in which they are asked. */
async function answers(folder: string, env: Record<string, string>): Promise<string[]> {
  const [node, next] = NEXT;
  const server = spawn(node, [next, 'start', '-p', '0', '-H', '127.0.0.1'], {
    ...{ cwd: folder, env: { PATH: process.env['PATH'], ...env } },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'close');
  try {
    let said = '';
    server.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    const address = await eventually(() => /http:\/\/[\w.]+:\d+/.exec(said)?.[0], 'the server');
    const found: string[] = [];
    for (const route of ['node', 'edge']) {
      found.push(await (await fetch(`${address}/${route}`)).text());
    }
    return found;
  } finally {
    server.kill();
    await ended;
  }
}

/** Beside other work a build took 61 s. */
const BUILT_WITHIN_MS = 200_000;

/** A real build, and a server with a route of each runtime. */
export const NEXT_ROW: Row = {
  name: 'Next.js (route, edge route)',
  version: versionOf('next'),
  sends: 'flush()',
  async check(app, home) {
    const folder = layOutNext(app);
    const recorder = await startHttpRecorder();
    try {
      const env = (place: string) => ({
        ...{ HOME: join(home, place), NEXT_TELEMETRY_DISABLED: '1' },
        HEADCOUNT_ENDPOINT: recorder.address,
      });
      const { code, output } = await run([...NEXT, 'build'], folder, env('build'), BUILT_WITHIN_MS);
      expect({ code, output }).toEqual({ code: 0, output });
      expect(recorder.reports()).toEqual([]); // building is no use of the app
      expect(await answers(folder, env('on'))).toEqual(['1', '1']);
      expect(recorder.reports().map(({ project, info }) => [project, info.runtime])).toEqual([
        ['acme-cli', 'node'],
        ['acme-cli', 'edge-light'],
      ]);
      await answers(folder, { ...env('off'), DO_NOT_TRACK: '1' });
      // A variable cannot turn an edge function off: it has its option `disabled`.
      expect(recorder.reports().map(({ info }) => info.runtime)).toEqual([
        ...['node', 'edge-light', 'edge-light'],
      ]);
      expect(filesOf(join(home, 'off'))).toEqual([]);
    } finally {
      await recorder.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
    }
  },
};
