import { firstWhole } from '../rules/kept-spans.js';
import { NEEDED_DAYS } from '../rules/silence.js';
import { columnsOf } from './answer.js';
import { type Asked, type CountsReader, type Define } from './define-question.js';
import { judgeProject, judgeSayings } from './judge-project.js';
import { silenceQuery, type SilenceRow, silenceSchema, STATES } from './silence-answer.js';

/** The path of the question. */
export const SILENCE_PATH = '/v1/stats/silence';

/** Days that are looked at for events and fields: what stopped earlier is over. */
const SAYING_DAYS = 90;

/** Rows of an answer at most. */
const MAX_ROWS = 200;

/** `GET /v1/stats/silence`: whether reports still come, and every event and field. */
export function defineSilence(define: Define): void {
  define({
    path: SILENCE_PATH,
    summary: 'Whether reports still come, and each event and field',
    query: silenceQuery,
    answer: silenceSchema,
    rows: ({ rows }) => rows,
    columns: columnsOf(silenceSchema),
    isOfTheMoment: true,
    handler: async (asked, _query, store) => {
      const { project, zone, asOf } = asked;
      const listeningSince = asked.moment?.listeningSince ?? asOf.getTime();
      const rows = project === null ? await askAll(asked, store) : await askOne(asked, store);
      return {
        ...{ project, timezone: zone, as_of: asOf.toISOString() },
        listening_since: new Date(listeningSince).toISOString(),
        days_needed: NEEDED_DAYS,
        left_out: Math.max(0, rows.length - MAX_ROWS),
        rows: rows.slice(0, MAX_ROWS),
      };
    },
  });
}

const momentOf = ({ asOf, moment, zone }: Asked) => ({
  ...{ zone, now: asOf.getTime() },
  listeningSince: moment?.listeningSince ?? asOf.getTime(),
});

/** All projects; those to look at first. */
async function askAll(asked: Asked, store: CountsReader): Promise<SilenceRow[]> {
  const { hours } = await store.together({ hours: { project: null } });
  const at = momentOf(asked);
  return hours
    .map(({ project, cells }) => {
      const zone = asked.moment?.zones[project] ?? at.zone;
      return judgeProject(project, cells, { ...at, zone }, isExactFor(asked));
    })
    .sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state));
}

async function askOne(asked: Asked, store: CountsReader): Promise<SilenceRow[]> {
  const { today } = asked;
  const project = asked.project ?? '';
  const spans = (await store.keptSpans()).filter(({ what }) => what === 'rollups');
  const from = Math.max(today - SAYING_DAYS, firstWhole(spans, Infinity));
  const days = { project, from, to: today };
  const answers = await store.together({
    hours: { project },
    reports: { ...days, ci: false },
    sayingDays: days,
  });
  const at = momentOf(asked);
  const cells = answers.hours[0]?.cells ?? [];
  return [
    judgeProject(project, cells, at, isExactFor(asked)),
    ...judgeSayings(project, { reports: answers.reports, said: answers.sayingDays }, at),
  ];
}

/** The exact moment of a person's report would tell who it was, in the next list of those seen last. */
const isExactFor = ({ level }: Asked): boolean => level === 'administrator';
