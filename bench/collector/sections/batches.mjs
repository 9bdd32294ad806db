// @ts-check
import { LOAD_COLUMNS, measureLoad } from '../measure-load.mjs';

const CONNECTIONS = 32;
const BATCH = 50;

/** @type {import('../section.mjs').Section} */
export const batches = {
  name: 'batches',
  title: 'Reports in batches',
  columns: LOAD_COLUMNS,
  note:
    `${BATCH} reports a request, ${CONNECTIONS} connections, on the small store; reports are ` +
    'counted, not requests. The first generation knows no batches: it gets its reports one by one.',
  async measure(context) {
    const rows = [];
    for (const contender of context.contenders) {
      context.progress(contender.label);
      const batch = contender.takesBatches ? BATCH : 1;
      const load = { users: context.options.smallUsers, connections: CONNECTIONS, batch };
      rows.push({
        label: contender.takesBatches ? contender.label : `${contender.label}, one by one`,
        isBase: contender.isBase ?? false,
        metrics: await measureLoad(context, contender, load),
      });
    }
    return rows;
  },
};
