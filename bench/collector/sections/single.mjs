// @ts-check
import { LOAD_COLUMNS, measureLoad } from '../measure-load.mjs';

const CONNECTIONS = [64, 256];

/** @type {import('../section.mjs').Section} */
export const single = {
  name: 'single',
  title: 'Single reports',
  columns: LOAD_COLUMNS,
  note:
    'One report a request, on the small store. An answer means that the report is on disk. "Not ' +
    'taken": answers of 400 and above, and requests without an answer. CPU is that of ' +
    'the whole process, counting included, until all is counted: unlike the rest it hardly ' +
    'depends on what else the machine does. Peak memory is that of the whole process.',
  async measure(context) {
    const rows = [];
    for (const connections of CONNECTIONS) {
      for (const contender of context.contenders) {
        context.progress(`${connections} connections: ${contender.label}`);
        const load = { users: context.options.smallUsers, connections, batch: 1 };
        rows.push({
          label: `${connections} connections: ${contender.label}`,
          group: String(connections),
          isBase: contender.isBase ?? false,
          metrics: await measureLoad(context, contender, load),
        });
      }
    }
    return rows;
  },
};
