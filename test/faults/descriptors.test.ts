import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startFaultServer } from '../support/fault-server.js';
import { outboxFiles } from '../support/outbox-files.js';
import { createTestApp } from '../support/run-app.js';

/** Closes what the shell that started the tests has left open: it may lie beyond the limit. */
const CLOSE_ALL = 'for fd in $(ls /proc/$$/fd); do [ $fd -gt 2 ] && eval "exec $fd>&-"; done';
const LIMITED = {
  wrapper: ['bash', '-c', `${CLOSE_ALL}; exec prlimit --nofile=64 -- "$@"`, 'bash'],
};

/** A program that has no descriptor left when it tracks, and gets them back later. */
const program = (before: string, setUp: string): string => `
  import fs from 'node:fs';
  import { createHeadcount } from 'headcount';
  ${before}
  const taken = [];
  try { for (;;) taken.push(fs.openSync('/dev/null')); } catch (error) {
    if (error.code !== 'EMFILE') throw error;
  }
  ${setUp}
  headcount.track();
  headcount.track();
  const { dropped, queued } = headcount.status();
  const inMemory = { dropped, queued };
  for (const fd of taken) fs.closeSync(fd);
  console.log(JSON.stringify([inMemory, process.argv[2] ? await headcount.flush() : {}]));`;

const SET_UP = `const headcount = createHeadcount({ project: 'acme-cli', version: '2.3.1',
  endpoint: process.env.COLLECTOR });`;

it.each([
  ['after its first report', `${SET_UP} headcount.track(); headcount.status();`, '', 3],
  ['before its first report', SET_UP, '', 2],
  ['before it is set up', '', SET_UP, 2],
])(
  'a program without a descriptor %s loses nothing, and says what it has',
  async (_name, before, setUp, reports) => {
    const server = await startFaultServer();
    const app = createTestApp({ 'cli.mjs': program(before, setUp) });
    const env = { COLLECTOR: server.address };
    const flushed = await app.run('cli.mjs', { ...LIMITED, env, args: ['flush'] });
    expect(flushed).toMatchObject({ code: 0, stderr: '' });
    const [inMemory, result] = JSON.parse(flushed.stdout) as [object, object];
    expect(inMemory).toMatchObject({ dropped: {}, queued: expect.any(Number) as number });
    expect(result).toMatchObject({ sent: reports, queued: 0 });

    const ended = await app.run('cli.mjs', { ...LIMITED, env });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    await eventually(() => server.accepted().length === 2 * reports, 'all reports');
    await eventually(() => outboxFiles(app.home).length === 0, 'an empty outbox');
    expect(new Set(server.accepted().map(({ report_id }) => report_id)).size).toBe(2 * reports);
  },
);

it('a program that could not even be set up counts each report that it lost', async () => {
  const app = createTestApp({ 'zero.mjs': program('', 'const headcount = createHeadcount();') });
  const { stdout, stderr } = await app.run('zero.mjs', LIMITED);
  expect(stderr).toBe('');
  const [told] = JSON.parse(stdout) as [object];
  expect(told).toEqual({ dropped: { 'storage-failed': 2 }, queued: 0 });
});

it.each(['flush', 'close'])('%s() of such a program has the numbers of its status', async (end) => {
  const app = createTestApp({
    'cli.mjs':
      program(SET_UP, '').replace(/for \(const fd of taken\)[^]*/, '') +
      `
      headcount.track();
      const status = headcount.status();
      const result = await headcount.${end}();
      for (const fd of taken) fs.closeSync(fd);
      console.log(JSON.stringify([status.queued, status.dropped, result]));`,
  });
  const { stdout, stderr } = await app.run('cli.mjs', LIMITED);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual([3, {}, { sent: 0, queued: 3, dropped: 0 }]);
});
