import { Type, type Static } from 'typebox';
import { MAX_ID_CHARACTERS, MAX_PROJECT_CHARACTERS } from './limits.js';

/**
 * What a report must have to be read: the five fields of the first generation, of which two may
 * be anything. Newer clients send more; what a release does not know is ignored and counted.
 */
export const reportInputSchema = Type.Object({
  anonymous_id: Type.String({ minLength: 1, maxLength: MAX_ID_CHARACTERS }),
  timestamp: Type.String(),
  project: Type.String({ minLength: 1, maxLength: MAX_PROJECT_CHARACTERS }),
  info: Type.Object({}),
  report_id: Type.Optional(Type.String({ minLength: 1 })),
});

/** A report as it may come in. */
export type ReportInput = Static<typeof reportInputSchema>;
