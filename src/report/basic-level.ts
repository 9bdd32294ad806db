import { ALIVE_EVENT, type Report, STARTUP_EVENT } from '../wire/report.js';

/** Whether a user who has chosen the level basic lets a report be sent. */
export const isInBasic = ({ event, fields }: Pick<Report, 'event' | 'fields'>): boolean =>
  fields === undefined && (event === STARTUP_EVENT || event === ALIVE_EVENT);

/** A report that was recorded before the user chose the level basic, as it is sent afterwards. */
export const asBasic = (report: Report): Report => ({
  ...report,
  info: { ...report.info, level: 'basic' },
});
