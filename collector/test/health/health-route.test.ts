import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { examine, type HealthParts } from '../../src/health/health-route.js';
import { startCollector } from '../support/start-collector.js';

const NOW = new Date('2026-11-22T21:00:00Z');

const counting = { behindSince: null, failure: null, isAlive: true };
const full = Object.assign(new Error('full'), { code: 'SQLITE_FULL' });

const healthy: HealthParts = {
  journal: { probe: () => Promise.resolve() },
  counting,
  store: { probe: () => undefined },
  probeData: () => undefined,
  clock: { aheadMs: () => 0 },
  now: () => NOW,
};

describe('GET /health', () => {
  it('answers 200 with every component', async () => {
    const collector = await startCollector();
    expect(await collector.get('/health')).toMatchObject({
      status: 200,
      body: {
        status: 'ok',
        components: {
          journal: { status: 'ok' },
          counting: { status: 'ok' },
          store: { status: 'ok' },
          data: { status: 'ok' },
          clock: { status: 'ok' },
        },
        uptime_seconds: 0,
        version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      },
    });
  });

  it('answers 503 when the data folder is gone', async () => {
    const collector = await startCollector();
    rmSync(collector.data, { recursive: true });
    expect(await collector.get('/health')).toMatchObject({
      status: 503,
      body: { status: 'failing', components: { data: { status: 'failing' } } },
    });
  });
});

describe('the health of a part', () => {
  const broken = (): never => {
    throw Object.assign(new Error('secret'), { code: 'SQLITE_IOERR' });
  };

  it.each<[string, Partial<HealthParts>]>([
    ['journal', { journal: { probe: () => Promise.reject(new Error('gone')) } }],
    ['store', { store: { probe: broken } }],
    ['data', { probeData: broken }],
    ['counting', { counting: { ...counting, behindSince: new Date(NOW.getTime() - 61_000) } }],
    ['counting', { counting: { ...counting, isAlive: false } }],
    ['counting', { counting: { ...counting, failure: { since: NOW, error: full } } }],
    ['clock', { clock: { aheadMs: () => 1 } }],
  ])('is failing when it does not work, and no other: %s', async (name, parts) => {
    const components = await examine({ ...healthy, ...parts });
    const failing = Object.entries(components).filter(([, { status }]) => status === 'failing');
    expect(failing.map(([component]) => component)).toEqual([name]);
    expect(JSON.stringify(components)).not.toContain('secret');
  });

  it('is failing when it does not answer', async () => {
    const silent = { probe: () => new Promise<void>(() => undefined) };
    expect(await examine({ ...healthy, store: silent }, 20)).toMatchObject({
      store: { status: 'failing', reason: 'The store has not answered within 20 ms.' },
    });
  });

  it('is fine while reports wait for a moment', async () => {
    const behindSince = new Date(NOW.getTime() - 59_000);
    expect(await examine({ ...healthy, counting: { ...counting, behindSince } })).toMatchObject({
      counting: { status: 'ok' },
    });
  });
});
