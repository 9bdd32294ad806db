import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { CLI, importBuilt } from '../support/built.js';
import { createAuthority } from '../support/certificates.js';
import { post } from '../support/load.js';
import { relayState } from '../support/relay-process.js';
import { fullReport } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { startRelay } from '../support/start-relay.js';
import { until } from '../support/until.js';

const QUIET = ['--port', '0', '--log-level', 'error', '--no-metrics'];

/** Runs a command on a data folder. */
async function command(
  words: readonly string[],
  data: string,
  env: Record<string, string> = {},
): Promise<{ readonly code: number; readonly stdout: string }> {
  await importBuilt();
  const home = temporaryFolder();
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, ...words, '--data', data],
      { env: { PATH: process.env['PATH'] ?? '', HOME: home, ...env } },
      (error, stdout) => resolve({ code: Number(error?.code ?? 0), stdout }),
    );
  });
}

describe('the commands of an operator, on a relay', () => {
  it('say that all is well, what waits, and that its collector answers', async () => {
    const collector = await startProcess(['serve', ...QUIET, '--data', temporaryFolder()]);
    const to = await collector.url();
    const data = temporaryFolder();
    const relay = await startProcess(['relay', '--to', to, ...QUIET, '--data', data]);
    const url = await relay.url();
    expect(await post(`${url}/v1/reports`, fullReport())).toBe(202);
    await until('nothing waits', async () => (await relayState(url)).waiting_reports === 0);

    expect((await command(['health'], data)).code).toBe(0);
    // The machine that tests may be busy, which is a warning, and right.
    const busy = ['cpu', 'memory', 'memory_free', 'disk', 'disk_full_soon'];
    const ignored = busy.flatMap((name) => ['--ignore', name]);
    const check = await command(['check', ...ignored], data);
    expect(check.code).toBe(0);
    expect(check.stdout).toContain('all is well');
    expect(check.stdout).toMatch(/\| time=\S+ waiting=0;;;0 /);
    expect(check.stdout).toMatch(/ backlog=0s;2160000;;0 /);
    const doctor = await command(['doctor'], data);
    expect(doctor.stdout).toContain(`ok    relay: It takes reports for ${to}; none waits.`);
    expect(doctor.stdout).toContain(`ok    answer of --to: The collector answers at ${to}.`);
    expect(doctor.stdout).not.toContain('FAIL');
  });

  it('say what waits and why, and fail where the collector cannot be reached', async () => {
    const data = temporaryFolder();
    const to = 'https://127.0.0.1:9';
    const relay = await startProcess(['relay', '--to', to, ...QUIET, '--data', data]);
    const url = await relay.url();
    expect(await post(`${url}/v1/reports`, fullReport())).toBe(202);
    expect((await command(['check'], data)).stdout).toContain(' waiting=1;;;0 ');
    const doctor = await command(['doctor'], data);
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(
      /ok {4}relay: It takes reports for https:\/\/127\.0\.0\.1:9; 1 wait, the oldest for \d+ s\./,
    );
    expect(doctor.stdout).toContain('FAIL  TLS of --to: No TLS at 127.0.0.1');
    expect(doctor.stdout).toContain('FAIL  answer of --to: ');
  });

  it('warn of a certificate of the relay that ends soon', async () => {
    const folder = temporaryFolder();
    const { cert, key } = createAuthority(folder).issue('relay', 'localhost', 3);
    const data = temporaryFolder();
    const tls = ['--tls-cert', cert, '--tls-key', key];
    const to = 'http://127.0.0.1:9';
    const relay = await startProcess(['relay', '--to', to, ...QUIET, '--data', data, ...tls]);
    await relay.url();
    const { code, stdout } = await command(['check'], data);
    expect(stdout).toMatch(/certificate: The certificate expires at \S+, in 2 days\./);
    expect(code).toBe(1);
    expect((await command(['doctor'], data)).stdout).toMatch(/warn {2}certificate: .*Renew/);
  });
});

describe('a relay by itself', () => {
  it('logs once that its collector is away, however often it is asked', async () => {
    let clock = Date.parse('2026-11-22T21:00:00Z');
    const relay = await startRelay('http://127.0.0.1:9', { now: () => new Date(clock) });
    await relay.post('/v1/reports', fullReport());
    await until('it has tried', async () => (await relay.state())['failing_reason'] !== null);
    clock += 61_000;
    for (let look = 0; look < 3; look += 1) {
      const { body } = await relay.get('/health');
      expect(body).toMatchObject({
        status: 'healthy',
        components: { journal: { state: 'ok' }, data: { state: 'ok' }, clock: { state: 'ok' } },
        warnings: {
          upstream: { state: 'warning', unit: 'seconds', threshold: 60 },
        },
      });
    }
    const told = relay.log().match(/"msg":"The collector takes no reports: [^"]+"/g);
    expect(told).toHaveLength(1);
    const { text } = await relay.get('/metrics');
    expect(text).toContain('headcount_relay_warning{warning="upstream"} 1');
    expect(text).toContain('headcount_relay_warning{warning="backlog"} 0');
    expect(text).toContain('headcount_relay_component_up{component="journal"} 1');
  });
});
