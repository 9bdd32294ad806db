import { describe, expect, it } from 'vitest';
import type { CollectorOptions } from '../../src/collector-options.js';
import { FORWARDED } from '../support/forwarded-headers.js';
import { NOW, startCollector } from '../support/start-collector.js';

const PROXY = '10.1.2.3';
const STRANGER = '203.0.113.5';

interface Proxy {
  readonly state: string;
  readonly value: number;
  readonly reason: string | null;
}

async function start(options: Partial<CollectorOptions> = {}) {
  const collector = await startCollector(options);
  const from = async (remoteAddress: string, headers: Record<string, string>) =>
    collector.app.inject({ url: '/', remoteAddress, headers });
  const proxy = async () => {
    const { body } = await collector.get('/health');
    const { proxy: condition } = body['warnings'] as { proxy: Proxy };
    return condition;
  };
  return { from, proxy, log: () => collector.log() };
}

describe('a proxy whose clients cannot be told apart', () => {
  it('is shown in /health as soon as it is seen, with since when and what to do', async () => {
    const { from, proxy, log } = await start();
    expect(await proxy()).toMatchObject({ state: 'ok', value: 0, reason: null });
    await from(PROXY, { 'x-forwarded-for': '192.0.2.1' });
    const { state, reason } = await proxy();
    expect(state).toBe('warning');
    expect(reason).toMatch(/^Since 2026-11-22T21:00:00.000Z, once: .*HEADCOUNT_TRUSTED_PROXIES/);
    await from(PROXY, { 'x-forwarded-for': 'unknown' });
    expect((await proxy()).reason).toContain('2 times');
    expect(log().match(/"condition":"proxy"/g)).toHaveLength(1);
  });

  it('is shown beside proxies that are named, which anybody can make the log say once', async () => {
    const { from, proxy, log } = await start({ trustedProxies: ['10.0.0.0/8'] });
    await from(PROXY, { 'x-forwarded-for': '192.0.2.1' });
    await from(PROXY, {});
    expect(await proxy()).toMatchObject({ state: 'ok', value: 0, reason: null });
    await from(STRANGER, { 'x-forwarded-for': '192.0.2.1' });
    expect(await proxy()).toMatchObject({ state: 'warning' });
    await from(STRANGER, { 'x-forwarded-for': '192.0.2.1' });
    expect(await proxy()).toMatchObject({ state: 'warning', value: 2 });
    expect(log().match(/Since 2026-11-22T21:00:00.000Z, once/g)).toHaveLength(1);
  });

  it.each<Record<string, string>>([
    { forwarded: 'for="[2001:db8::1]:80"' },
    { via: '1.1 proxy' },
    { 'x-real-ip': '192.0.2.1' },
    { 'x-forwarded-for': '(null)' },
    { 'x-forwarded-for': '' },
  ])('is shown if it is named and sends no address: %o', async (headers) => {
    const { from, proxy } = await start({ trustedProxies: [PROXY] });
    await from(PROXY, headers);
    expect((await proxy()).reason).toContain('Let it send one');
  });

  it('is known by each header that the manual names', async () => {
    const { from, proxy } = await start({ trustedProxies: [PROXY] });
    expect(FORWARDED.length).toBeGreaterThan(30);
    let requests = 0;
    for (const name of FORWARDED) {
      await from(PROXY, { [name]: 'unknown' });
      expect([name, (await proxy()).value]).toEqual([name, ++requests]);
    }
    await from(PROXY, { 'x-request-id': 'unknown', 'user-agent': 'check' });
    expect((await proxy()).value).toBe(requests);
  });

  it('is over after a day without any, and the log says so once', async () => {
    let at = NOW.getTime();
    const { from, proxy, log } = await start({ now: () => new Date(at) });
    await from(PROXY, { 'x-forwarded-for': '192.0.2.1' });
    at += 86_399_000;
    expect(await proxy()).toMatchObject({ state: 'warning', value: 1 });
    at += 1000;
    for (let n = 0; n < 2; n++) expect(await proxy()).toMatchObject({ state: 'ok', value: 0 });
    expect(log().match(/"msg":"proxy is well again"/g)).toHaveLength(1);
  });

  it('leaves no address in what is said', async () => {
    const { from, proxy, log } = await start();
    await from(STRANGER, { 'x-forwarded-for': '192.0.2.77' });
    const all = `${JSON.stringify(await proxy())}${log()}`;
    for (const address of [STRANGER, '192.0.2.77']) expect(all).not.toContain(address);
  });
});
