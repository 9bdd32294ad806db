import type { VNode } from 'preact';
import { ChartFoot } from '../charts/chart-foot.js';
import { CountBars } from '../charts/count-bars.js';
import { countsTwin } from '../charts/counts-twin.js';
import { HistogramBars } from '../charts/histogram-bars.js';
import { TableFoot } from '../frame/table-foot.js';
import { type Language, useLanguage } from '../language/language.js';
import type { FieldUse } from '../page/features-content.js';
import type { Twin } from '../page/twin.js';
import { usePage } from '../page/use-page.js';
import { valueRows } from './value-rows.js';

/** Nothing is left out of what a token sees: small groups are a part of `other`. */
const LEAST_SHOWN = 1;

/** Values of a field without a wish for all. */
const MOST_SHOWN = 12;

interface FieldBlockProps {
  readonly field: FieldUse;
  /** Whether the page counts people, so that a field by reports says so. */
  readonly isOfPeople: boolean;
  /** The table of which all rows are shown. */
  readonly whole: string | null;
}

/** How people spread over the values of a field: ranges as a chart, others as a table. */
export function FieldBlock({ field, isOfPeople, whole }: FieldBlockProps): VNode {
  const language = useLanguage();
  const { texts, formats } = language;
  const { href } = usePage();
  const twin = fieldTwin(field, language);
  const rows = valueRows(field.values, language);
  const most = whole === twin.id ? rows.length : MOST_SHOWN;
  const hidden = Math.max(0, rows.length - most) + field.values.leftOut;
  const more = texts.systems.more(formats.number(hidden), hidden === 1);
  const notes = [
    kindText(field, language),
    isOfPeople && field.unit === 'reports' ? texts.features.byReports : '',
  ].filter((note) => note !== '');
  const head = (
    <h3>
      <code>{field.name}</code>
      {notes.length > 0 && <small>{notes.join(', ')}</small>}
    </h3>
  );
  if (rows.length === 0) {
    return (
      <div id={twin.id}>
        {head}
        <p class="quiet">{texts.features.noValues}</p>
      </div>
    );
  }
  if (field.shape === 'ranges') {
    return (
      <figure id={twin.id}>
        {head}
        <HistogramBars
          parts={rows.map(({ name, people, share }) => ({ name, people, share }))}
          twin={twin}
          leastShown={LEAST_SHOWN}
        />
        <ChartFoot
          twin={twin}
          csvHref={href({ csv: twin.id })}
          viewHref={`${href({})}#${twin.id}`}
        />
      </figure>
    );
  }
  return (
    <div id={twin.id}>
      {head}
      <CountBars
        rows={rows.slice(0, most)}
        leastShown={LEAST_SHOWN}
        {...(field.unit === 'reports' && { countColumn: texts.features.reports })}
      />
      <TableFoot twin={twin}>
        {hidden > 0 &&
          (whole === twin.id ? more : <a href={`${href({ all: twin.id })}#${twin.id}`}>{more}</a>)}
        {field.values.mergedBelow !== null && texts.systems.merged(field.values.mergedBelow)}
      </TableFoot>
    </div>
  );
}

function kindText({ kind, allowed }: FieldUse, { texts, formats }: Language): string {
  const { kinds } = texts.features;
  if (kind === null) return '';
  if (kind === 'enum' || kind === 'bucket') return kinds[kind](formats.number(allowed ?? 0));
  return kinds[kind];
}

/** The table of a field's values. */
export const fieldTwin = (field: FieldUse, language: Language): Twin =>
  countsTwin(
    valueRows(field.values, language),
    {
      id: `field-${field.name}`,
      name: field.name,
      leastShown: LEAST_SHOWN,
      ...(field.unit === 'reports' && {
        counted: { key: 'reports', name: language.texts.features.reports },
      }),
    },
    language,
  );
