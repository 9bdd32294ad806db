import { expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { ask } from '../support/ask-counts.js';
import { dieAtSkip, type SkipDeath } from '../support/die.js';
import { entry, folderWithEntries } from '../support/journal-entries.js';
import { startProcess } from '../support/start-process.js';
import { until } from '../support/until.js';

const DEATHS: SkipDeath[] = ['thread before', 'thread after', { killAfterMs: 1 }];

it.each(DEATHS)(
  'dies as it sets an entry aside, which is done once in the end: %o',
  async (death) => {
    const uid = (n: number) => Buffer.alloc(16, n).toString('base64');
    const bodies = [entry({ uid: uid(1) }), entry({ uid: 7 }), '{', entry({ uid: uid(2) })];
    const args = ['--port', '0', '--log-level', 'warn', '--data', await folderWithEntries(bodies)];

    const first = await startProcess(args, { NODE_OPTIONS: dieAtSkip(death) });
    expect(await first.ended, first.stderr()).toBe(typeof death === 'object' ? 'SIGKILL' : 1);

    const url = await (await startProcess(args)).url();
    await until('everything is counted', async () => (await ask(url)).total_reports >= 2);
    await until('nothing waits', async () => {
      const health = await fetch(`${url}/health`);
      return health.status === 200;
    });
    expect(await ask(url)).toEqual({ total_users: 2, total_reports: 2 });
    const quality = (await (
      await fetch(`${url}/v1/stats/quality`, { headers: withToken() })
    ).json()) as object;
    expect(quality).toMatchObject({ accepted: 2, duplicates: 0, uncountable: 2 });
  },
);
