// @ts-check
// `npm run bench:forecast [-- --seeds N] [file.csv …]`: how good the forecast of daily counts is, on
// synthetic series and on real ones. Ends with 1 if a target is missed.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { nameCauses, REGRESSIONS } from './forecast/causes.mjs';
import { FALLS, findFalls } from './forecast/falls.mjs';
import { loadForecast } from './forecast/load-forecast.mjs';
import { measure } from './forecast/measure.mjs';
import { readSeries } from './forecast/read-series.mjs';
import { RIVALS } from './forecast/rivals.mjs';
import { findStorms } from './forecast/storms.mjs';
import { makeSeries, PROCESSES, WANDERING } from './forecast/synthetic.mjs';
import { parseCount } from './parse-count.mjs';
import { createProgress } from './progress.mjs';
import { median } from './statistics.mjs';
import { renderGrid } from './table.mjs';

const TAXI = fileURLToPath(new URL('./data/nyc-taxi-daily.csv', import.meta.url));

/** The windows that NAB labels in its series, and the holidays among them. */
const LABELLED = [
  ['2014-10-30', '2014-11-03'],
  ['2014-11-25', '2014-11-29'],
  ['2014-12-23', '2015-01-03'],
  ['2015-01-24', '2015-01-29'],
].map((window) => window.map((date) => Date.parse(date) / 86_400_000));

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '40' } },
  allowPositionals: true,
});
const seeds = parseCount('--seeds', values.seeds);
const forecast = await loadForecast();
const progress = createProgress();
/** @type {string[]} */
const missed = [];

/** @param {string} name @param {boolean} isReached */
const check = (name, isReached) => {
  if (!isReached) missed.push(name);
};
const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)} %`;
const rivals = Object.keys(RIVALS);
const HEAD = [
  '',
  'of who knows',
  'of seasonal naive',
  ...rivals,
  '95 % band covers',
  'flags per 100',
];

/** @param {string} name @param {ReturnType<typeof measure>[]} all */
function toLine(name, all) {
  const mean = (/** @type {(one: ReturnType<typeof measure>) => number} */ of) =>
    all.reduce((sum, one) => sum + of(one), 0) / all.length;
  const isKnown = all[0]?.ofKnown !== undefined;
  const figures = {
    ofKnown: isKnown ? mean(({ ofKnown = 0 }) => ofKnown) : undefined,
    error: mean(({ error }) => error),
    coverage: mean(({ coverage }) => coverage),
    flags: mean(({ flags }) => flags),
  };
  const cells = [
    name,
    figures.ofKnown?.toFixed(2) ?? '–',
    figures.error.toFixed(2),
    ...rivals.map((rival) => mean((one) => one.rivals[rival] ?? NaN).toFixed(2)),
    percent(figures.coverage),
    figures.flags.toFixed(2),
  ];
  return { cells, ...figures };
}

console.log('Mean errors of one-day forecasts after 12 weeks, in those of others\n');
const lines = [...PROCESSES, WANDERING].map((process) => {
  progress.section(process.name);
  const all = Array.from({ length: seeds }, (_, at) => {
    progress.show(`series ${at + 1} of ${seeds}`);
    const { counts, known } = makeSeries(process, 7919 * (at + 1));
    return measure(forecast.forecastDays, counts, { ...(process !== WANDERING && { known }) });
  });
  const line = toLine(process.name, all);
  check(`${process.name}: error`, (line.ofKnown ?? 0) <= 1.15);
  check(`${process.name}: coverage`, line.coverage >= 0.93 && line.coverage <= 0.97);
  check(`${process.name}: flags`, line.flags <= 1);
  return line;
});
const real = [TAXI, ...positionals].map((path) => {
  const { name, firstDay, counts } = readSeries(path);
  const isOrdinary = (/** @type {number} */ day) =>
    path !== TAXI || !LABELLED.some(([from = 0, to = 0]) => day >= from && day <= to);
  const line = toLine(name, [measure(forecast.forecastDays, counts, { firstDay, isOrdinary })]);
  check(`${name}: error`, line.error <= 0.9);
  check(`${name}: coverage of a single series`, line.coverage >= 0.9);
  return line;
});
check('real series, in the middle: error', median(real.map(({ error }) => error)) <= 0.7);
check('the labelled series: flags', (real[0]?.flags ?? 0) <= 1);
progress.done();
console.log(renderGrid([HEAD, ...[...lines, ...real].map(({ cells }) => cells)]));

console.log('\nFalls that are found by the second day\n');
const falls = FALLS.map((fall) => {
  const share = findFalls(forecast.forecastDays, fall, 5 * seeds);
  const name = `${fall.base} people, ${percent(-fall.share)}`;
  check(name, share >= (fall.target ?? 0));
  return [name, percent(share), fall.target === undefined ? '–' : percent(fall.target)];
});
console.log(renderGrid([['', 'found', 'target'], ...falls]));

console.log('\nFlagged falls of which the right part is named first\n');
const causes = REGRESSIONS.map((regression) => {
  const { flagged, right, byMargins } = nameCauses(forecast, regression, 5 * seeds);
  check(regression.name, right >= (regression.target ?? 0));
  const target = regression.target === undefined ? '–' : percent(regression.target);
  return [regression.name, String(flagged), percent(right), percent(byMargins), target];
});
console.log(renderGrid([['', 'flagged', 'by cells', 'by each alone', 'target'], ...causes]));

const storm = findStorms(forecast, 5 * seeds);
check('a storm of 429', storm.found === 1);
console.log(
  `\nStorms of 429 that are called a problem of counting: ${percent(storm.found)} of ${storm.flagged}; ` +
    `wrongly without a storm: ${percent(storm.wrong)}`,
);

const years = makeSeries({ name: 'speed', base: 1000 }, 1, 1095).counts;
const times = Array.from({ length: 30 }, () => {
  // Not the clock's: others may use the processor meanwhile.
  const before = process.cpuUsage();
  forecast.forecastDays({ firstDay: 16_000, counts: years });
  return process.cpuUsage(before).user / 1000;
});
check('speed', median(times) <= 20);
console.log(`Three years take ${median(times).toFixed(1)} ms of the processor (target 20)`);
console.log(missed.length === 0 ? 'Every target is reached.' : `Missed: ${missed.join('; ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;
