import { type Static, Type } from 'typebox';

const nullableNumber = Type.Union([Type.Number(), Type.Null()]);

/** A condition of the collector, as receivers are told of it. Moments are in ISO 8601. */
export const toldConditionSchema = Type.Object({
  name: Type.String(),
  /** `ok` once it is over. */
  state: Type.Union([Type.Literal('ok'), Type.Literal('warning'), Type.Literal('failing')]),
  severity: Type.Union([Type.Literal('warning'), Type.Literal('critical')]),
  value: nullableNumber,
  unit: Type.Union([Type.String(), Type.Null()]),
  threshold: nullableNumber,
  /** Since when it has this state. */
  since: Type.String(),
  /** What is wrong, or was. */
  reason: Type.String(),
  /** What to do about it. */
  hint: Type.String(),
  /** Where the documentation explains it. */
  link: Type.String(),
});

/** See {@link toldConditionSchema}. */
export type ToldCondition = Readonly<Static<typeof toldConditionSchema>>;

export const alertEventSchema = Type.Object({
  /** The same in each attempt to deliver it, and another for each event. */
  id: Type.String(),
  /** Whether the condition began, changed its state, or is over. */
  event: Type.Union([Type.Literal('begin'), Type.Literal('change'), Type.Literal('end')]),
  at: Type.String(),
  condition: toldConditionSchema,
  /** Earlier events of the same condition that are left out, since too many could not be sent. */
  left_out: Type.Integer({ minimum: 0 }),
});

/** Something that happened to a condition. */
export type AlertEvent = Readonly<Static<typeof alertEventSchema>>;

const sent = {
  /** The key of the message: the same in each attempt to deliver it. */
  id: Type.String(),
  made_at: Type.String(),
  /** The name of the collector's machine. */
  host: Type.String(),
};

export const alertsNoticeSchema = Type.Object({
  version: Type.Literal(1),
  type: Type.Literal('alerts'),
  ...sent,
  events: Type.Array(alertEventSchema),
});

export const digestNoticeSchema = Type.Object({
  version: Type.Literal(1),
  type: Type.Literal('digest'),
  ...sent,
  /** The day for which it was due, such as `2026-11-30`. */
  date: Type.String(),
  subject: Type.String(),
  text: Type.String(),
});

/** Events of conditions that are sent together. */
export type AlertsNotice = Readonly<Static<typeof alertsNoticeSchema>>;

/** The digest of a week. */
export type DigestNotice = Readonly<Static<typeof digestNoticeSchema>>;

/** A message of the collector's own. In the format `json`, webhooks get exactly this. */
export type Notice = AlertsNotice | DigestNotice;
