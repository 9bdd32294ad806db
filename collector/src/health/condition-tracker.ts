import type { Logger } from 'pino';
import {
  type Condition,
  type ConditionKind,
  type ConditionName,
  CONDITIONS,
  type Finding,
  linkOf,
} from './conditions.js';

/** A condition that has changed its state. */
export interface ConditionChange<Name extends string = ConditionName> {
  readonly condition: Condition<Name>;
  /** The state before. */
  readonly before: Condition['state'];
}

export interface TrackerParts<Name extends string = ConditionName> {
  readonly logger: Pick<Logger, 'error' | 'warn' | 'info'>;
  readonly startedAt: Date;
  readonly onChange: (change: ConditionChange<Name>) => void;
}

/** Everything that can be wrong with a server. */
export interface KnownConditions<Name extends string> {
  readonly kinds: Readonly<Record<Name, ConditionKind>>;
  /** The address of a condition's paragraph. */
  readonly linkOf: (name: Name) => string;
}

/** Knows since when each condition has its state, and tells each change once. */
export interface ConditionTracker<Name extends string = ConditionName> {
  /** Takes what a look has found. What it did not look at is well. */
  update(findings: Findings<Name>, at: Date): readonly Condition<Name>[];
  /** Whether it was wrong at the last look. */
  isActive(name: Name): boolean;
}

/** What a look has found, by condition. */
export type Findings<Name extends string = ConditionName> = Readonly<
  Partial<Record<Name, Finding>>
>;

const NOTHING: Finding = {};

/** Creates a tracker of a collector's conditions, by which all is well. */
export const createConditionTracker = (parts: TrackerParts): ConditionTracker =>
  trackConditions({ kinds: CONDITIONS, linkOf }, parts);

/** Creates a tracker by which all is well. */
export function trackConditions<Name extends string>(
  all: KnownConditions<Name>,
  parts: TrackerParts<Name>,
): ConditionTracker<Name> {
  const { logger, startedAt, onChange } = parts;
  const names = Object.keys(all.kinds) as Name[]; // the keys of a constant
  const known = new Map<Name, Condition<Name>>();

  const tell = (condition: Condition<Name>): void => {
    const { name, severity, state, value, unit, threshold, since, reason, hint } = condition;
    const told = { condition: name, state, value, unit, threshold, since };
    if (reason === null) logger.info(told, `${name} is well again`);
    else logger[severity === 'critical' ? 'error' : 'warn']({ ...told, hint }, reason);
  };
  return {
    update: (findings, at) => {
      const conditions = names.map((name) => {
        const before = known.get(name);
        const finding = findings[name] ?? NOTHING;
        const isEver = before === undefined && finding.reason === undefined;
        const condition = judge({ name, ...all }, finding, before, isEver ? startedAt : at);
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

function judge<Name extends string>(
  { name, kinds, linkOf: addressOf }: KnownConditions<Name> & { readonly name: Name },
  finding: Finding,
  before: Condition<Name> | undefined,
  at: Date,
): Condition<Name> {
  const { severity, unit, threshold, hint } = kinds[name];
  const link = addressOf(name);
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
    ...{ hint: `${hint} See ${link}`, link },
  };
}
