import { charts } from './charts.js';

/** The English texts: one member for each part of the dashboard, from the file of its name. */
export const en = { charts };

/** What every language has a text for. */
export type Texts = typeof en;
