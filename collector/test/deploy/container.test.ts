import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fullReport, reportId } from '../support/reports.js';
import { until } from '../support/until.js';
import { buildImage, type Image } from './support/build-image.js';
import { type Container, runContainer } from './support/run-container.js';

const MB = 1_000_000;

describe('the image of the Dockerfile', () => {
  let image: Image;
  beforeAll(async () => {
    image = await buildImage();
  }, 300_000);

  it('is below 80 MB above its base, without what nobody needs to run it', () => {
    const files = filesOf(image.layer);
    const bytes = files.reduce((sum, file) => sum + lstatSync(file).size, 0);
    expect(bytes).toBeLessThan(80 * MB);
    expect(bytes).toBeGreaterThan(10 * MB);
    const names = files.map((file) => file.slice(image.layer.length));
    const unneeded =
      /node_modules\/(typescript|vitest|tsup|esbuild|eslint)\/|-musl\/|\/testing\.js$|\/src\/.*\.ts$/;
    const own = names.filter((name) => !name.includes('/node_modules/') || !name.endsWith('.ts'));
    expect(own.filter((name) => unneeded.test(name))).toEqual([]);
    expect(names.filter((name) => name.endsWith('.node'))).toHaveLength(1);
    const links = files.filter((file) => lstatSync(file).isSymbolicLink());
    expect(links.map((file) => file.slice(image.layer.length))).toEqual([
      '/usr/local/bin/headcount-collector',
    ]);
  });

  it('counts reports as a user without rights, on a root that cannot be written', async () => {
    const container = await runContainer(image);
    await container.listens();
    for (const name of ['Uid', 'Gid']) {
      expect(container.status(name).split(/\s+/)).toEqual(['1000', '1000', '1000', '1000']);
    }
    for (const name of ['CapEff', 'CapPrm', 'CapInh', 'CapAmb']) {
      expect(container.status(name)).toMatch(/^0+$/);
    }
    expect(container.status('NoNewPrivs')).toBe('1');

    expect(await report(container)).toBe('202');
    await until('it is counted', async () =>
      (await ask(container, '/stats')).includes('"total_users":1'),
    );
    const { command } = image.health;
    expect(await container.exec(...command)).toMatchObject({ code: 0 });

    for (const path of [
      '/',
      '/app',
      '/app/collector/dist',
      '/etc',
      '/home/node',
      '/usr/local/bin',
      '/dev',
    ]) {
      const { out } = await write(container, `${path}/touched`);
      expect(`${path} ${out}`).toMatch(/EROFS|EACCES/);
    }
    for (const path of ['/tmp', '/data', '/backups']) {
      expect(await write(container, `${path}/touched`)).toEqual({ code: 0, out: '' });
    }
    expect(container.output()).not.toMatch(/EROFS|EACCES|EPERM|"level":"(warn|error|fatal)"/);

    container.signal(image.stopSignal);
    expect(await container.ended).toBe(0);
    expect(container.output()).toContain('closing');
    expect(readdirSync(container.volumes['/data'] ?? '')).toContain('counts.db');
  });

  it('is unhealthy once it cannot store reports, and goes on where it was killed', async () => {
    const container = await runContainer(image, { HEADCOUNT_PORT: '9000' });
    await container.listens();
    expect(await report(container, 9000)).toBe('202');
    expect(await container.exec(...image.health.command)).toMatchObject({ code: 0 });
    container.signal('SIGSTOP');
    expect((await container.exec(...image.health.command)).code).toBe(1);
    container.signal('SIGCONT');
    await until(
      'it is healthy again',
      async () => (await container.exec(...image.health.command)).code === 0,
    );
  });

  it('checks its health as often as the issue asks', () => {
    const { interval, timeout, retries, 'start-period': startPeriod } = image.health.flags;
    expect({ interval, timeout, retries, startPeriod }).toEqual({
      ...{ interval: '30s', timeout: '10s', retries: '3', startPeriod: '40s' },
    });
    expect(image.env).toMatchObject({ NODE_ENV: 'production', MALLOC_ARENA_MAX: '2' });
  });
});

function filesOf(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((one) => !one.isDirectory()).map((one) => join(one.parentPath, one.name));
}

const node = (container: Container, code: string): Promise<{ code: number; out: string }> =>
  container.exec('node', '-e', code);

const write = (container: Container, path: string): Promise<{ code: number; out: string }> =>
  node(container, `require('fs').writeFileSync(${JSON.stringify(path)}, '')`);

async function ask(container: Container, path: string, port = 8081): Promise<string> {
  const url = `http://127.0.0.1:${port}${path}`;
  return (
    await node(container, `fetch('${url}').then((a) => a.text()).then((t) => console.log(t))`)
  ).out;
}

/** Sends a report. @returns The status, as text. */
async function report(container: Container, port = 8081): Promise<string> {
  const body = fullReport({ anonymous_id: reportId(), timestamp: new Date().toISOString() });
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const url = `http://127.0.0.1:${port}/v1/reports`;
  const code = `fetch('${url}', ${JSON.stringify(request)}).then((a) => console.log(a.status))`;
  return (await node(container, code)).out.trim();
}
