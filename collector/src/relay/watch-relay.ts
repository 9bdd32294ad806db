import type { Logger } from 'pino';
import { trackConditions } from '../health/condition-tracker.js';
import type { Condition } from '../health/conditions.js';
import { examineCertificate } from '../health/examine-certificate.js';
import { examineClock } from '../health/examine-clock.js';
import { examineHost } from '../health/examine-host.js';
import type { Probes } from '../health/probes.js';
import type { Host } from '../host/open-host.js';
import type { ClockGuard } from '../intake/clock-guard.js';
import { repeatAfter } from '../repeat-after.js';
import type { Certificate } from '../tls/open-certificate.js';
import { examineForwarding, type RelayFigures } from './examine-forwarding.js';
import { RELAY_CONDITIONS, type RelayConditionName, relayLinkOf } from './relay-conditions.js';

export interface WatchedRelay {
  readonly probes: Pick<Probes, 'journal' | 'data'>;
  readonly host: Host;
  readonly figures: () => RelayFigures;
  readonly clock: Pick<ClockGuard, 'aheadMs' | 'isAheadOfStore'>;
  /** How far the clock may jump ahead, in milliseconds. */
  readonly maxClockJumpMs: number;
  readonly certificate: Pick<Certificate, 'pair' | 'refused'> | undefined;
  readonly now: () => Date;
  readonly logger: Logger;
  /** The time between two looks, in milliseconds. */
  readonly everyMs: number;
}

/** A condition of a relay. */
export type RelayCondition = Condition<RelayConditionName>;

/** The one list of what is wrong with a relay, for `/health`, metrics and the log. */
export interface RelayHealth {
  /** Looks at everything, after the call. */
  look(): Promise<readonly RelayCondition[]>;
  close(): void;
}

/** Looks now and then by itself, so that changes are logged without anybody asking. */
export function watchRelay(parts: WatchedRelay): RelayHealth {
  const { probes, host, figures, clock, certificate, now, logger } = parts;
  const tracker = trackConditions(
    { kinds: RELAY_CONDITIONS, linkOf: relayLinkOf },
    { logger, startedAt: now(), onChange: () => undefined },
  );
  const look = async (): Promise<readonly RelayCondition[]> => {
    const [journal, data, facts] = await Promise.all([
      probes.journal(),
      probes.data(),
      host.read(),
    ]);
    const at = now();
    const findings = {
      ...{ journal, data },
      clock: examineClock(clock, parts.maxClockJumpMs, 'relay'),
      ...examineForwarding(figures(), at),
      ...examineHost(facts, (name) => tracker.isActive(name)),
      ...(certificate !== undefined && { certificate: examineCertificate(certificate, at) }),
    };
    return tracker.update(findings, at);
  };
  return { look, close: repeatAfter(look, parts.everyMs) };
}
