import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONDITIONS, type ConditionName } from '../../src/health/conditions.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { post } from '../support/load.js';
import { fullReport } from '../support/reports.js';
import { seedDays } from '../support/seed-days.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';
import { freePort } from '../support/free-port.js';
import { type SmtpServer, startSmtpServer } from './support/smtp-server.js';
import { startTool, type Tool } from './support/start-tool.js';

const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url));
const RULES = readFileSync(join(DEPLOY, 'prometheus/alerts.yml'), 'utf8');
const CASES = readFileSync(join(DEPLOY, 'prometheus/alerts-test.yml'), 'utf8');
const DOCS = readFileSync(new URL('../../../docs/collector/alerts.md', import.meta.url), 'utf8');

const ALERTS = [...RULES.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);

/** The text of one rule. */
const ruleOf = (alert: string): string =>
  RULES.split('- alert: ').find((rule) => rule.startsWith(`${alert}\n`)) ?? '';

async function run(command: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await new Promise<{
    readonly status: unknown;
    readonly stdout: string;
    readonly stderr: string;
  }>((resolve) => {
    execFile(command, args, { cwd: DEPLOY }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : (error.code ?? error.signal), stdout, stderr });
    });
  });
  expect(`${stdout}${stderr}${status === 0 ? '' : `ended with ${String(status)}`}`).not.toMatch(
    /FAILED|ended with/,
  );
  return stdout;
}

describe('the files of Prometheus and Alertmanager', () => {
  it('are valid', async () => {
    await run('promtool', 'check', 'config', 'prometheus/prometheus.yml');
    await run('promtool', 'check', 'rules', 'prometheus/alerts.yml', 'prometheus/thresholds.yml');
    await run('amtool', 'check-config', 'alertmanager/alertmanager.yml');
  });

  it('have rules that fire where they should, and only there', async () => {
    const out = await run('promtool', 'test', 'rules', 'prometheus/alerts-test.yml');
    expect(out).toContain('SUCCESS');
  });

  it.each(ALERTS)('try %s above, below, and without data', (alert) => {
    const groups = CASES.split('- name: ').filter((group) => group.includes(`"${alert}"`));
    const results = groups.map((group) => /value: (\d)/.exec(group)?.[1]);
    expect(results).toContain('1');
    expect(results.filter((result) => result === '0').length).toBeGreaterThanOrEqual(2);
  });

  it.each(ALERTS)('say of %s how bad it is, what is done, and where it is described', (alert) => {
    const rule = ruleOf(alert);
    const severity = /severity: (\w+)/.exec(rule)?.[1];
    const action = /action: (\w+)/.exec(rule)?.[1];
    expect(['critical', 'warning']).toContain(severity);
    expect(['restart', 'mail', 'page', 'scale']).toContain(action);
    expect(rule).toMatch(/summary: '.+'\n\s+description: '.+'/);
    expect(rule).toContain(`docs/collector/alerts.md#${alert.toLowerCase()}'`);
    const paragraph = (DOCS.split(`### ${alert}\n`)[1] ?? '')
      .split('\n#')[0]
      ?.replaceAll(/\s+/g, ' ');
    for (const part of ['**Means**:', '**Check**:', '**Fix**:']) expect(paragraph).toContain(part);
    expect(paragraph).toContain(`**Does**: ${severity}, ${action}.`);
  });

  it('have an alert for whatever can be wrong', () => {
    const others = /warning!~"([^"]+)"/.exec(ruleOf('HeadcountWarning'))?.[1]?.split('|') ?? [];
    const own: Partial<Record<ConditionName, string>> = {
      cpu: 'HeadcountCpuHigh',
      memory: 'HeadcountMemoryHigh',
      disk: 'HeadcountDiskHigh',
      disk_full_soon: 'HeadcountDiskFullSoon',
      certificate: 'HeadcountCertificateUnrenewed',
      backup: 'HeadcountBackupStale',
      erasure: 'HeadcountErasureLate',
      errors: 'HeadcountErrorsLogged',
      silence: 'HeadcountReportsSilent',
      unusual: 'HeadcountNewPeopleBurst',
      journal_age: 'HeadcountJournalAgeing',
      replica: 'HeadcountReplicaBehind',
    };
    expect(Object.keys(own).sort()).toEqual([...others].sort());
    for (const [name, alert] of Object.entries(own)) {
      expect(CONDITIONS[name as ConditionName].severity).toBe('warning');
      expect(ALERTS).toContain(alert);
    }
  });

  it('are described, and nothing else is', () => {
    const described = [...DOCS.matchAll(/^### (Headcount\w+)$/gm)].map(([, name]) => name);
    expect(described.sort()).toEqual([...ALERTS].sort());
  });
});

/** A report, so that there are people and requests. */
async function report(url: string): Promise<void> {
  const sent = fullReport({ timestamp: new Date().toISOString() });
  expect(await post(`${url}/v1/reports`, sent)).toBe(202);
}

describe('an alert', () => {
  const undo: (() => void | Promise<void>)[] = [];
  const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);
  afterAll(async () => {
    for (const step of undo) await step();
  });

  let receiver: WebhookReceiver;
  let smtp: SmtpServer;
  let prometheus: Tool;
  let address: string;
  let manager: string;
  let collector: CollectorProcess;
  let start: () => Promise<CollectorProcess>;

  /** A file of the kit with other values. Each of them must be there. */
  const adapt = (path: string, values: readonly (readonly [string | RegExp, string])[]): void => {
    let text = readFileSync(path, 'utf8');
    for (const [from, to] of values) {
      expect(text).toMatch(from);
      text = text.replaceAll(from, to);
    }
    writeFileSync(path, text);
  };

  beforeAll(async () => {
    const folder = temporaryFolder(atEnd);
    cpSync(DEPLOY, folder, { recursive: true });
    const [metrics, own, managerPort] = await Promise.all([1, 2, 3].map(freePort));
    manager = `http://127.0.0.1:${managerPort}`;
    receiver = await startReceiver([], { atEnd });
    smtp = await startSmtpServer(atEnd);
    const data = temporaryFolder(atEnd);
    start = async () =>
      startProcess(
        ['--port', '0', '--no-announce', '--data', data],
        {
          HEADCOUNT_METRICS_PORT: String(metrics),
        },
        { atEnd },
      );
    await seedDays(data, new Date(), { steady: 100, burst: 2000 });
    collector = await start();
    await report(await collector.url());
    adapt(join(folder, 'prometheus/prometheus.yml'), [
      [/_interval: 15s/g, '_interval: 1s'],
      ['scrape_timeout: 10s', 'scrape_timeout: 1s'],
      ['127.0.0.1:9881', `127.0.0.1:${metrics}`],
      ['127.0.0.1:9093', `127.0.0.1:${managerPort}`],
    ]);
    adapt(join(folder, 'prometheus/alerts.yml'), [[/for: \d+[mh]/g, 'for: 1s']]);
    adapt(join(folder, 'alertmanager/alertmanager.yml'), [
      ['127.0.0.1:25', `127.0.0.1:${smtp.port}`],
      ['http://127.0.0.1:9094/alerts', receiver.url],
      [/group_(wait|interval): \d+[sm]/g, 'group_$1: 1s'],
    ]);
    address = `http://127.0.0.1:${own}`;
    prometheus = startTool(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus/prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'tsdb')}`,
        `--web.listen-address=127.0.0.1:${own}`,
      ],
      { atEnd },
    );
    const alertmanager = startTool(
      'prometheus-alertmanager',
      [
        `--config.file=${join(folder, 'alertmanager/alertmanager.yml')}`,
        `--storage.path=${join(folder, 'alertmanager-data')}`,
        `--web.listen-address=127.0.0.1:${managerPort}`,
        '--cluster.listen-address=',
      ],
      { atEnd },
    );
    await alertmanager.until('it is ready', () =>
      fetch(`${manager}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    await prometheus.until(
      'it has scraped',
      async () => (await query('headcount_counts_up')) === '1',
    );
  });

  async function query(text: string): Promise<string | undefined> {
    const url = `${address}/api/v1/query?query=${encodeURIComponent(text)}`;
    try {
      const response = await fetch(url);
      const { data } = (await response.json()) as {
        data?: { result: readonly { readonly value: readonly [number, string] }[] };
      };
      return data?.result[0]?.value[1];
    } catch {
      return undefined; // it does not listen yet
    }
  }

  // Only those of Prometheus have its job.
  const told = (status: string, alert: string): boolean =>
    receiver.received.some(({ body }) => {
      const alerts = body['alerts'] as { status: string; labels: Record<string, string> }[];
      return alerts.some(
        ({ status: is, labels }) =>
          is === status && labels['alertname'] === alert && labels['job'] === 'headcount',
      );
    });
  const mailed = (status: string, alert: string): boolean =>
    smtp.mails.some(({ text }) => {
      const subject = /^Subject: (.*)$/im.exec(text)?.[1] ?? '';
      // Quoted-printable breaks long lines.
      const whole = text.replaceAll('=\r\n', '').replaceAll('=3D', '=');
      return (
        [alert, 'job = headcount'].every((part) => whole.includes(part)) &&
        subject.includes(`[${status}`)
      );
    });

  it('reads figures that a collector gives', async () => {
    const used = RULES.match(/\b(headcount_\w+|process_\w+)\b(?=[\s{)[])/g) ?? [];
    const names = [...new Set(used)].map((name) => `count({__name__="${name}"})`);
    expect(names.length).toBeGreaterThan(12);
    // Forecasts are made after the first scrape.
    await until(`all of these are there: ${names.join(', ')}`, async () => {
      const answers = await Promise.all(names.map(query));
      return answers.every((answer) => answer !== undefined);
    });
  });

  it('that is critical hides the warning about the same thing, and no other', async () => {
    const labels = (alertname: string, severity: string, about: string, instance = 'a') => ({
      labels: { alertname, severity, about, instance },
    });
    const response = await fetch(`${manager}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([
        labels('HeadcountDiskFullSoon', 'critical', 'disk'),
        labels('HeadcountDiskHigh', 'warning', 'disk'),
        labels('HeadcountDiskHigh', 'warning', 'disk', 'b'),
        labels('HeadcountBackupStale', 'warning', 'backup'),
        labels('HeadcountCpuOver90', 'warning', 'cpu'),
        labels('HeadcountCpuHigh', 'warning', 'cpu'),
        labels('HeadcountDown', 'critical', 'availability', 'c'),
        labels('HeadcountBackupStale', 'warning', 'backup', 'c'),
      ]),
    });
    expect(response.status).toBe(200);
    const hidden = async (): Promise<readonly string[]> => {
      const answer = await fetch(
        `${manager}/api/v2/alerts?active=false&silenced=false&inhibited=true`,
      );
      const alerts = (await answer.json()) as { readonly labels: Record<string, string> }[];
      // The machine that runs the test may have alerts of its own.
      return alerts
        .filter(({ labels: { instance = '' } }) => ['a', 'b', 'c'].includes(instance))
        .map(({ labels: { alertname, instance } }) => `${alertname} ${instance}`)
        .sort();
    };
    const expected = ['HeadcountBackupStale c', 'HeadcountCpuHigh a', 'HeadcountDiskHigh a'];
    await until('these are hidden', async () => (await hidden()).length >= expected.length);
    expect(await hidden()).toEqual(expected);
  });

  it('comes by webhook and by mail when the collector is killed, and when it is back', async () => {
    collector.child.kill('SIGKILL');
    await collector.ended;
    await until('the webhook is called', () => told('firing', 'HeadcountDown'));
    // By itself: in a group with others, it would wait for the interval of what began before it.
    const group = receiver.received
      .map(({ body }) => body['groupLabels'] as Record<string, string>)
      .find(({ alertname }) => alertname === 'HeadcountDown');
    expect(group?.['instance']).toBeDefined();
    await until('the mail has come', () => mailed('FIRING', 'HeadcountDown'));
    const [mail] = smtp.mails;
    expect(mail?.to).toEqual(['operators@example.org']);
    collector = await start();
    await until('the webhook is told that it is over', () => told('resolved', 'HeadcountDown'));
    await until('so is the mail', () => mailed('RESOLVED', 'HeadcountDown'));
  });
});
