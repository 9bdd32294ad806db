import type { Logger } from 'pino';
import type { FailureLog } from './logs/failure-log.js';
import type { CountingOptions } from './counting/counting-options.js';

const AWAY = 'the replica does not answer';

/** Tells the log of the replica that questions go to. */
export function tellReplica(
  failures: Pick<FailureLog, 'failed' | 'ended'>,
  logger: Pick<Logger, 'info' | 'warn'>,
): CountingOptions['replica'] {
  return {
    onFailure: (error) => failures.failed(error, AWAY),
    onRecovery: () => failures.ended(AWAY, 'the replica answers again'),
    // After a failover it is well for a while.
    onRole: (isStandby) => {
      if (isStandby) logger.info('the server of --read-store is a standby again');
      else {
        logger.warn(
          'the server of --read-store is no standby, such as the primary: nothing is kept for a failover until it is one',
        );
      }
    },
  };
}
