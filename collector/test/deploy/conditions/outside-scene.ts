import { copyFileSync } from 'node:fs';
import { createAuthority } from '../../support/certificates.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';
import { startReceiver } from '../../support/webhook-receiver.js';
import { freePort } from '../../support/free-port.js';
import { mountSmallDisk } from '../../support/small-disk.js';
import { type Scene, type Stage, startOnStage } from './scene.js';

const HOUR_MS = 3_600_000;

/**
 * What is around the collector is not as it should be: the certificate ends soon, a proxy is not
 * named, the disk of the backups is full, and one of two webhooks is down.
 */
export async function playOutside(stage: Stage): Promise<Scene> {
  const authority = createAuthority(temporaryFolder(stage.atEnd));
  const { cert, key } = authority.issue('near', 'localhost', 90);
  const backups = mountSmallDisk(16, stage.atEnd);
  const downPort = await freePort();
  const { collector, clocks, ask, log } = await startOnStage(stage, {
    ...{ tlsCert: cert, tlsKey: key, checkTlsEveryMs: 100, backupDir: backups.path },
    alertWebhook: [stage.webhook, `http://127.0.0.1:${downPort}/hooks/s3cret-path`],
  });
  const renew = (days: number): void => {
    const renewed = authority.issue(`of-${days}-days`, 'localhost', days);
    copyFileSync(renewed.cert, cert);
    copyFileSync(renewed.key, key);
  };
  return {
    ...{ ask, log },
    provoke: async () => {
      renew(10);
      await collector.stranger('/', { 'x-forwarded-for': '192.0.2.1' });
      await ask('/health');
      await until('the webhook is known to be down', () =>
        log().includes('could not be delivered'),
      );
      backups.fill();
      await collector.jobs.runNow('backup').catch(() => undefined);
      clocks.wallMs += 62_000;
    },
    mend: async () => {
      renew(80);
      await startReceiver([], { port: downPort, atEnd: stage.atEnd });
      backups.makeRoom();
      clocks.wallMs += 25 * HOUR_MS;
      await collector.jobs.runNow('backup');
    },
  };
}
