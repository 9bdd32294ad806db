import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { shareProcess } from './support/share-process.js';
import { startTool } from './support/start-tool.js';

const collector = shareProcess();

it.each([
  ['prometheus', '--version'],
  ['promtool', '--version'],
  ['prometheus-alertmanager', '--version'],
  ['amtool', '--version'],
  ['/usr/lib/nagios/plugins/check_http', '--version'],
  ['nginx', '-v'],
  ['caddy', 'version'],
  ['haproxy', '-v'],
  ['apache2', '-v'],
  ['zabbix_agentd', '--version'],
  ['openssl', 'version'],
])('runs %s here', (command, flag) => {
  const { error, stdout, stderr } = spawnSync(command, [flag], { encoding: 'utf8' });
  expect(error).toBeUndefined();
  expect(stdout + stderr).toMatch(/\d+\.\d+/);
});

it('has a collector for all tests of a file', async () => {
  const { status } = await fetch(`${collector().address}/livez`);
  expect(status).toBe(200);
});

it('ends a tool with the children of its children', async () => {
  const port = await freePort();
  const server = `require('http').createServer((_, answer) => answer.end('a')).listen(${port})`;
  const tool = startTool('sh', ['-c', `sh -c "exec node -e \\"${server}\\"" & wait`]);
  const asks = () =>
    fetch(`http://127.0.0.1:${port}`).then(
      ({ ok }) => ok,
      () => false,
    );
  await tool.until('it listens', asks);
  await tool.stop();
  expect(await asks()).toBe(false);
});

it('tells at once what a tool wrote that has ended too early', async () => {
  const tool = startTool('sh', ['-c', 'echo no such file >&2; exit 3']);
  await expect(tool.until('it listens', () => false)).rejects.toThrow('no such file');
});
