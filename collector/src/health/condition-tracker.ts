import type { Logger } from 'pino';
import {
  type Condition,
  CONDITION_NAMES,
  type ConditionName,
  CONDITIONS,
  type Finding,
  hintOf,
  linkOf,
} from './conditions.js';

/** A condition that has changed its state. */
export interface ConditionChange {
  readonly condition: Condition;
  /** The state before. */
  readonly before: Condition['state'];
}

export interface TrackerParts {
  readonly logger: Pick<Logger, 'error' | 'warn' | 'info'>;
  readonly startedAt: Date;
  readonly onChange: (change: ConditionChange) => void;
}

/** Knows since when each condition has its state, and tells each change once. */
export interface ConditionTracker {
  /** Takes what a look has found. What it did not look at is well. */
  update(findings: Findings, at: Date): readonly Condition[];
  /** Whether it was wrong at the last look. */
  isActive(name: ConditionName): boolean;
}

/** What a look has found, by condition. */
export type Findings = Readonly<Partial<Record<ConditionName, Finding>>>;

const NOTHING: Finding = {};

/** Creates a tracker by which all is well. */
export function createConditionTracker(parts: TrackerParts): ConditionTracker {
  const { logger, startedAt, onChange } = parts;
  const known = new Map<ConditionName, Condition>();

  const tell = (condition: Condition): void => {
    const { name, severity, state, value, unit, threshold, since, reason, hint } = condition;
    const told = { condition: name, state, value, unit, threshold, since };
    if (reason === null) logger.info(told, `${name} is well again`);
    else logger[severity === 'critical' ? 'error' : 'warn']({ ...told, hint }, reason);
  };
  return {
    update: (findings, at) => {
      const conditions = CONDITION_NAMES.map((name) => {
        const before = known.get(name);
        const finding = findings[name] ?? NOTHING;
        const isEver = before === undefined && finding.reason === undefined;
        const condition = judge(name, finding, before, isEver ? startedAt : at);
        known.set(name, condition);
        return { condition, before: before?.state ?? ('ok' as const) };
      });
      for (const change of conditions) {
        if (change.before === change.condition.state) continue;
        tell(change.condition);
        onChange(change);
      }
      return conditions.map(({ condition }) => condition);
    },
    isActive: (name) => (known.get(name)?.state ?? 'ok') !== 'ok',
  };
}

function judge(
  name: ConditionName,
  finding: Finding,
  before: Condition | undefined,
  at: Date,
): Condition {
  const { severity, unit, threshold } = CONDITIONS[name];
  const { reason, causes = [], value = null } = finding;
  const wrong = severity === 'critical' ? ('failing' as const) : ('warning' as const);
  const state = reason === undefined ? ('ok' as const) : wrong;
  const isSame = state === before?.state;
  const since = state !== 'ok' ? finding.since : undefined;
  return {
    ...{ name, severity, state, value, unit },
    threshold: finding.threshold === undefined ? threshold : finding.threshold,
    since: since?.toISOString() ?? (isSame ? before.since : at.toISOString()),
    reason: reason ?? null,
    causes: reason === undefined ? [] : causes,
    ...{ hint: hintOf(name), link: linkOf(name) },
  };
}
